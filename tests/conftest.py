"""The tests' surroundings, set before Django reads them: a data folder of their own, never the demo's."""

import os
import tempfile

os.environ.setdefault("ZIJING_DATA", tempfile.mkdtemp(prefix="zijing-tests-"))
os.environ["ZIJING_DEMO"] = "0"
