"""What was promised, and what has been stated about it."""

from zijing.commitments.models.commitments import Commitment, Statement

__all__ = ["Commitment", "Statement"]
