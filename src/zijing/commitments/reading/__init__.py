"""The plan reader: a plan, speech, notice or report in prose becomes a ledger of candidate commitments.

Pure: it knows no office and writes nothing. See docs/decisions/0028.
"""

from zijing.commitments.reading.candidates import Candidate
from zijing.commitments.reading.reader import read

__all__ = ["Candidate", "read"]
