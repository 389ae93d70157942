"""The README's first hour of a new office, done as it is written there, in both languages."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEADINGS = {"README.md": "## The first hour of a new office", "README.zh.md": "## 新街道的第一个小时"}


def commands(readme):
    """The lines of the first block after the heading."""
    text = (ROOT / readme).read_text(encoding="utf-8").split(HEADINGS[readme])[1]
    return re.search(r"```sh\n(.*?)```", text, re.DOTALL)[1].splitlines()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def shell(tmp_path):
    """A shell in which ``zijing`` is this checkout's, on a new machine's empty data folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "zijing"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m zijing "$@"\n')
    script.chmod(0o755)
    (tmp_path / "data").mkdir()
    path = f"{folder}:{os.environ['PATH']}"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZIJING_", "DJANGO_"))}
    return kept | {
        "PATH": path,
        "ZIJING_DATA": str(tmp_path / "data"),
        "ZIJING_PORT": str(free_port()),
        "LANG": "en_US.UTF-8",
    }


def run(line, shell, typed=""):
    return subprocess.run(
        ["bash", "-c", line], cwd=ROOT, env=shell, input=typed, text=True, capture_output=True, timeout=300, check=False,
        start_new_session=True,
    )  # fmt: skip


def test_both_readmes_say_the_same():
    assert commands("README.md") == commands("README.zh.md")


def test_the_first_hour_ends_with_a_ranked_board_that_is_served(shell):
    lines = commands("README.md")
    assert lines[0].startswith("export ZIJING_DATA=") and lines[-1] == "zijing serve"
    said = {}
    for line in lines[1:-1]:
        done = run(line, shell, "zijing-hua-kai\nzijing-hua-kai\n" if "password" in line else "")
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        said[line] = done.stdout
    board = said["zijing rank --week 2026-03-06"].splitlines()
    assert [line.split()[:2] for line in board[2:]] == [
        ["1", "示例项目01"], ["2", "示例项目03"], ["3", "示例项目05"], ["4", "示例项目02"], ["5", "示例项目04"],
    ]  # fmt: skip
    assert "dry run" in said["zijing import-all demo/first-hour.xlsx --dry-run"]
    serve(lines[-1], shell)


def serve(line, shell):
    address = f"http://127.0.0.1:{shell['ZIJING_PORT']}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    server = subprocess.Popen(["bash", "-c", f"exec {line}"], cwd=ROOT, env=shell, start_new_session=True)
    try:
        for _attempt in range(300):
            time.sleep(0.2)
            try:
                with opener.open(f"{address}/sign-in/", timeout=5) as page:
                    assert "紫荆" in page.read().decode()
                    break
            except OSError:
                assert server.poll() is None
        else:
            pytest.fail("the server does not answer")
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


def test_importing_the_workbook_again_changes_nothing_but_asks(shell):
    for line in commands("README.md")[1:4]:
        assert run(line, shell).returncode == 0
    book = "zijing import-all demo/first-hour.xlsx"
    assert run(book, shell).returncode == 1, "the reports have no key: importing them twice would add them twice"
    assert "示例项目" not in run("zijing rank", shell).stdout, "nothing was half done"


def test_the_workbook_is_the_one_its_script_writes(tmp_path):
    from openpyxl import load_workbook

    sys.path.insert(0, str(ROOT / "tools"))
    import first_hour

    first_hour.OUT, kept = tmp_path / "again.xlsx", first_hour.OUT
    try:
        first_hour.main()
        written, standing = load_workbook(tmp_path / "again.xlsx"), load_workbook(kept)
    finally:
        first_hour.OUT = kept
        sys.path.remove(str(ROOT / "tools"))
    assert written.sheetnames == standing.sheetnames
    for name in written.sheetnames:
        assert list(written[name].values) == list(standing[name].values)
