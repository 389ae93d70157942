"""``make bench``: every page and search at three sizes, each size in a folder kept for the next time; a JSON line each.

``python tools/bench [SIZE …]``; ``ZIJING_BENCH`` names the folder (default: the system's temporary one). With
``ZIJING_DATABASE_URL`` set, one size is measured in that database.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SIZES = ("1000", "100000", "1000000")


def main(sizes: list[str]) -> None:
    """Seed what is missing, then measure."""
    root = Path(os.environ.get("ZIJING_BENCH") or Path(tempfile.gettempdir()) / "zijing-bench")
    for size in sizes or SIZES:
        folder = root / size
        folder.mkdir(parents=True, exist_ok=True)
        surroundings = {**os.environ, "ZIJING_DATA": str(folder)}
        for command in (["seed.py", size], ["pages.py"], ["search.py"]):
            subprocess.run([sys.executable, *command], check=True, cwd=HERE, env=surroundings)


if __name__ == "__main__":
    main(sys.argv[1:])
