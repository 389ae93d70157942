"""Which family of work a commitment belongs to, by the words of its clause and of the heading above it."""

import re

from django.utils.translation import gettext_lazy as _

from zijing.commitments.reading.words import LEXICON

_WORDS = {family: re.compile("|".join(words)) for family, words in LEXICON["families"].items()}
FAMILIES = {
    "party": _("Party building"),
    "housing": _("resettlement and housing"),
    "projects": _("projects"),
    "enterprise": _("enterprises and investment"),
    "targets": _("economic targets"),
    "environment": _("environment and city management"),
    "inspection": _("inspections and safety"),
    "cases": _("disputes and public order"),
    "livelihood": _("livelihood"),
    "culture": _("culture and sport"),
    "territory-people": _("communities and grids"),
    "supervision": _("supervision and enforcement"),
    "assessment": _("assessment and review"),
    "registers": _("registers and censuses"),
    "legacy": _("matters left over"),
    "command": _("command and monitoring"),
    "publicity": _("publicity"),
    "other": _("other"),
}
"""The families with what each is called; their words stand in lexicon.toml."""


def family_of(clause: str, heading: str = "") -> str:
    """The family most of whose words stand in the clause; those of the heading decide between equals."""
    best, most = "other", 0.0
    for family, words in _WORDS.items():
        points = sum(len(found) for found in words.findall(clause)) + 1.5 * bool(words.search(heading))
        if points > most:
            best, most = family, points
    return best
