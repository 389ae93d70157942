"""``docs/figures.md`` from the packs and the figures declared in Python: ``figures.py write``, ``figures.py check``.

Every number of the software in one table a pack: what it counts, in both languages, as the pages say it.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "figures.md"
sys.path.insert(0, str(ROOT / "src"))

HEAD = """# Figures

Every number Zijing shows, what it counts and whether it measures an outcome or an effort. Written by `tools/figures.py`
from the packs and from the figures declared in Python; a test keeps it current. On the pages: `/figures/`; at the
command line: `zijing figures list`.

数据口径一览：由 `tools/figures.py` 根据各机制包和程序中声明的数据生成，有测试保证其为最新。

"""


def setting_up() -> None:
    """Django with the repository's packs; no database is read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zijing.config.settings")
    django.setup()


def document() -> str:
    """The whole document."""
    return HEAD + "\n".join(sections()) + "\n"


def sections() -> Iterator[str]:
    """A table for each pack, then for each app that declares figures."""
    from zijing.figures.registry import every
    from zijing.packs import loader
    from zijing.packs.titles import APPS

    packs = ROOT / "packs"
    for folder in sorted(p.parent for p in packs.glob("*/pack.toml")):
        pack = loader.load(folder)
        if pack.figures:
            rows = [
                _row(
                    f.key,
                    f.title_zh,
                    f.title_en,
                    f.sentence_zh,
                    f.sentence_en,
                    f.measure,
                    f.of,
                    f.unit,
                    f.measures,
                    f.owner,
                )
                for f in pack.figures
            ]
            yield _table(f"{pack.spec.title.zh} {pack.spec.title.en}", f"pack `{pack.spec.key}`", rows)
    for app, (zh, en) in APPS.items():
        own = [d for d in every() if d.app == app]
        rows = [_row(d.key, *d.title, *d.sentence, d.measure, d.of, d.unit, d.measures, d.owner) for d in own]
        yield _table(f"{zh} {en}", f"declared in `src/zijing/{app}/figures.py`", rows)


def _row(
    key: str, title_zh: str, title_en: str, sentence_zh: str, sentence_en: str, measure: str, of: str, unit: str,
    measures: str, owner: str,
) -> str:  # fmt: skip
    how = f"{measure} of `{of}`" if of else measure
    words = (f"{title_zh}<br>{title_en}", f"{sentence_zh}<br>{sentence_en}")
    cells = (f"`{key}`", *words, f"{how}, {measures}", unit, owner or "—")
    return "| " + " | ".join(cells) + " |"


def _table(title: str, where: str, rows: list[str]) -> str:
    head = "| key | figure | counts | measure | unit | answers for it |\n|---|---|---|---|---|---|\n"
    return f"## {title}\n\n{len(rows)} figures, {where}.\n\n{head}" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    setting_up()
    match sys.argv[1:]:
        case ["write"]:
            DOCUMENT.write_text(document(), encoding="utf-8")
        case ["check"] if DOCUMENT.read_text(encoding="utf-8") == document():
            print("docs/figures.md is current.")
        case ["check"]:
            sys.exit("docs/figures.md is not current. Run: python tools/figures.py write")
        case _:
            sys.exit(__doc__)
