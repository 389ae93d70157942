"""Which family of work a commitment belongs to, by the words of its clause and of the heading above it."""

import re

from zijing.commitments.reading.words import LEXICON

_WORDS = {family: re.compile("|".join(words)) for family, words in LEXICON["families"].items()}
FAMILIES = ("other", *_WORDS)


def family_of(clause: str, heading: str = "") -> str:
    """The family most of whose words stand in the clause; those of the heading decide between equals."""
    best, most = "other", 0.0
    for family, words in _WORDS.items():
        points = sum(len(found) for found in words.findall(clause)) + 1.5 * bool(words.search(heading))
        if points > most:
            best, most = family, points
    return best
