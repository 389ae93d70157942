"""Why a passage was read as a commitment: codes that are kept, sentences that are shown."""

from django.utils.translation import gettext, gettext_lazy as _

REASONS = {
    "verb": _("says what will be done"),
    "stage": _("names a stage to reach"),
    "figure": _("sets a figure"),
    "number": _("can be counted"),
    "whole": _("covers all of them"),
    "date": _("has a last day"),
    "year": _("belongs to the plan of a year"),
    "rhythm": _("comes again and again"),
    "list": _("one of several in a list"),
    "owner": _("names who answers"),
    "row": _("a row of a task table"),
    "must": _("an obligation"),
    "model": _("found by the second reader"),
}


def in_words(codes: list[str]) -> str:
    """The codes as one line, those of another version left out."""
    return gettext("; ").join(str(REASONS[code]) for code in codes if code in REASONS)
