"""The Chinese texts: ``messages.py compile`` (for a start), ``update`` (after changing texts), ``check`` (for CI).

Compiling needs Python only. Updating and checking read the sources with Django's makemessages, which needs gettext.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages import mofile, pofile

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "zijing"
CATALOGUE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def compile_catalogue() -> None:
    """Write django.mo when django.po is newer."""
    target = CATALOGUE.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= CATALOGUE.stat().st_mtime:
        return
    with CATALOGUE.open("rb") as source, target.open("wb") as out:
        mofile.write_mo(out, pofile.read_po(source, locale="zh_Hans"))


def extract(package: Path) -> None:
    """Bring the catalogue below ``package`` in line with its sources."""
    environment = os.environ | {"PYTHONPATH": str(package.parent), "DJANGO_SETTINGS_MODULE": "zijing.config.settings"}
    command = [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--no-wrap", "--no-obsolete", "-v", "0"]
    subprocess.run([*command, "--add-location", "file"], cwd=package, env=environment, check=True)


def check() -> int:
    """How many texts are missing, untranslated, doubtful or no longer used; names each."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "zijing"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        extract(copy)
        with (copy / CATALOGUE.relative_to(PACKAGE)).open("rb") as file:
            wanted = pofile.read_po(file, locale="zh_Hans")
    with CATALOGUE.open("rb") as file:
        standing = pofile.read_po(file, locale="zh_Hans")
    problems = []
    for message in wanted:
        if message.id and (
            message.fuzzy or not all(message.string if isinstance(message.string, tuple) else [message.string])
        ):
            where = ", ".join(path for path, _line in message.locations)
            problems.append(f"not translated: {message.id!r} ({where})")
    known = {m.id for m in wanted}
    problems += [f"no longer used: {m.id!r}" for m in standing if m.id and m.id not in known]
    print("\n".join(problems) or f"{len(known) - 1} texts, all in Chinese and English.")
    return len(problems)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["compile"]:
            compile_catalogue()
        case ["update"]:
            extract(PACKAGE)
        case ["check"]:
            sys.exit(min(check(), 1))
        case _:
            sys.exit(__doc__)
