"""``kill -9`` in the middle of intake; ``make bench`` does it fifty times, here three times are enough to see."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for its processes as Linux lists them")
def test_what_was_acknowledged_is_there_exactly_once_after_a_kill() -> None:
    command = [sys.executable, str(ROOT / "tools" / "bench" / "kill.py"), "4", "sqlite"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert set(summary["killed"]) == {"worker", "web", "work", "everything"}
    assert summary["acknowledged"] > 30
    assert (summary["lost"], summary["twice"], summary["sound"]) == (0, 0, True)
