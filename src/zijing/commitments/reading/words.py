"""The words plans are made of, from lexicon.toml; parts of speech from rjieba, loaded when needed (0.1 s, 10 MB)."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

LEXICON: dict[str, Any] = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))
RESULTS = frozenset(LEXICON["results"])
"""Verbs of an outcome."""
ACTS = frozenset(LEXICON["acts"])
VERBS = ACTS | RESULTS | {f"新{verb}" for verb in ACTS}
MEANS_END = re.compile(f"(?:{'|'.join(LEXICON['means_end'])})$")
SLOGAN = re.compile("|".join(LEXICON["slogans"]))
OFFICES = frozenset(LEXICON["offices"])
PEOPLE = frozenset(LEXICON["people"])
TERRITORY = "村(?:[（(]社区[)）])?|社区|网格|片区|小区|居民组|村组|园区|院落|学校|企业|班子成员"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w)))


VERB = re.compile(f"(?:{_any_of(VERBS)})")
ADVERB = re.compile(rf"(?:{_any_of(LEXICON['adverbs'])}|有针对性地|有计划地|有步骤地|因地制宜地?|实实在在地|扎扎实实)")
MEANS_HEAD = re.compile(f"(?:{_any_of(LEXICON['means'])})")
MODAL = re.compile(
    r"(?:必须|应当|需要|务必|要|将(?!近)|须|应(?!急|对|收|付|届|用)|需(?!求)|拟|计划|力争|争取|预计|确保|务求)"
)
OFFICE = _any_of(OFFICES | PEOPLE)


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[tuple[str, str], ...]:
    """Words of the text with their parts of speech (v, n, d, …)."""
    import rjieba  # noqa: PLC0415  # loads a dictionary; most processes never read a plan

    return tuple(rjieba.tag(text))


def boundaries(text: str) -> set[int]:
    """Where words of the text begin and end."""
    at, found = 0, {0}
    for word, _tag in tokens(text):
        at += len(word)
        found.add(at)
    return found
