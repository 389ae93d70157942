"""The Chinese texts: ``messages.py compile`` (for a start), ``update`` (after changing texts), ``check`` (for CI).

Compiling needs Python only. Updating and checking read the sources with Django's makemessages, which needs gettext.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message, mofile, pofile

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "zijing"
# Punctuation of half width beside a Chinese character (GB/T 15834-2011 has it of full width).
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,?!;:](?!/)|[,?!;][\u4e00-\u9fff]|(?<!%)\([^()%]*[\u4e00-\u9fff][^()]*\)")
CATALOGUE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def compile_catalogue() -> None:
    """Write django.mo when django.po is newer."""
    target = CATALOGUE.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= CATALOGUE.stat().st_mtime:
        return
    with target.open("wb") as out:
        mofile.write_mo(out, read(CATALOGUE))


def extract(package: Path, location: str = "file") -> None:
    """Bring the catalogue below ``package`` in line with its sources. Line numbers would change with every edit."""
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "django", "makemessages", "--settings", "zijing.config.settings", "-v", "0"]
        command += ["-l", "zh_Hans", "--no-wrap", "--no-obsolete", "--add-location", location]
        own = {"PYTHONPATH": str(package.parent), "ZIJING_DATA": data}
        subprocess.run(command, cwd=package, env=os.environ | own, check=True)


def wanted() -> Catalog:
    """The catalogue as the sources want it, with file and line of each text."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "zijing"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        extract(copy, "full")
        return read(copy / CATALOGUE.relative_to(PACKAGE))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return pofile.read_po(file, locale="zh_Hans")


def told(message: Message, problem: str) -> str:
    """A problem, where it is and what it is about."""
    where = ", ".join(f"{path}:{line}" if line else path for path, line in message.locations) or CATALOGUE.name
    return f"{where}: {problem}: {message.id!r}"


def translated(message: Message) -> bool:
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms) and not message.fuzzy


def half_width(message: Message) -> bool:
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return any(HALF_WIDTH.search(form) for form in forms)


def problems() -> Iterator[str]:
    """Every text that is missing, untranslated, doubtful, no longer used, or has other placeholders or punctuation of
    half width in Chinese.
    """
    catalogue, used = read(CATALOGUE), set()
    for message in filter(lambda m: m.id, wanted()):
        used.add((message.id, message.context))
        if not translated(message):
            yield told(message, "not translated")
        if half_width(message):
            yield told(message, "punctuation of half width")
        for error in message.check():
            yield told(message, str(error))
    for message in filter(lambda m: m.id, catalogue):
        if (message.id, message.context) not in used:
            yield told(message, "no longer used")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["compile"]:
            compile_catalogue()
        case ["update"]:
            extract(PACKAGE)
            print("\n".join(told(m, "not translated") for m in read(CATALOGUE) if m.id and not translated(m)))
        case ["check"]:
            found = list(problems())
            print("\n".join(found) or "Every text is there in Chinese and English.")
            sys.exit(bool(found))
        case _:
            sys.exit(__doc__)
