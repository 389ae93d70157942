"""What the two commands promise before they set anything up, and what the locks promise."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """./run with arguments it refuses, called from elsewhere."""
    own = {"PATH": os.environ["PATH"], **environment}
    command = [ROOT / "run", *arguments]
    return subprocess.run(command, cwd="/", env=own, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("arguments", [("--help",), ("",), ("--reset", "now"), ("reset",)])
def test_an_unknown_argument_is_answered_with_the_usage(arguments: tuple[str, ...]) -> None:
    answer = run(*arguments)
    assert (answer.returncode, answer.stderr) == (2, "Usage: ./run [--reset]\n")


def test_reset_removes_nothing_from_a_folder_of_something_else(tmp_path: Path) -> None:
    precious = tmp_path / "files" / "thesis.txt"
    precious.parent.mkdir()
    precious.touch()
    answer = run("--reset", ZIJING_DATA=str(tmp_path))
    assert answer.returncode == 1
    assert "Not a data folder of Zijing" in answer.stderr
    assert "不是紫荆的数据目录" in answer.stderr
    assert precious.exists()


def test_reset_never_touches_a_home_even_one_that_holds_data(tmp_path: Path) -> None:
    for name in ("secret-key", "files"):
        (tmp_path / name).touch()
    assert run("--reset", ZIJING_DATA=str(tmp_path), HOME=str(tmp_path)).returncode == 1
    assert run("--reset", ZIJING_DATA="/").returncode == 1
    assert {path.name for path in tmp_path.iterdir()} == {"secret-key", "files"}


def test_reset_leaves_a_postgresql_database_to_its_operator(tmp_path: Path) -> None:
    (tmp_path / "secret-key").touch()
    assert run("--reset", ZIJING_DATA=str(tmp_path), ZIJING_DATABASE_URL="postgres://nowhere/x").returncode == 1
    assert (tmp_path / "secret-key").exists()


def test_tests_have_a_data_folder_of_their_own() -> None:
    assert settings.DATA.name.startswith("zijing-tests-")
    assert not settings.DEMO


def test_every_pinned_package_has_a_hash() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        for pin in re.split(r"\n(?=\S)", lock.read_text().strip()):
            assert "==" in pin, f"{lock.name}: {pin}"
            assert "--hash=sha256:" in pin, f"{lock.name}: {pin}"


def test_every_front_end_package_has_a_hash_and_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, facts in packages.items():
        assert not name or "integrity" in facts, name
        assert "resolved" not in facts, name


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = (ROOT / "assets" / "vendor" / "icons.svg").read_text()
    pages = (ROOT / "src").rglob("*.html")
    named = {name for page in pages for name in re.findall(r"""{% icon ["']([^"']+)["']""", page.read_text())}
    assert named
    assert named <= set(re.findall(r'<symbol id="([^"]+)"', sprite))
