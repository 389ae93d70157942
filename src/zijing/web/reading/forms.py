"""What a form says of drafts: which are chosen, and what one of them should say."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _, gettext_lazy

from zijing.core.errors import Invalid
from zijing.core.quantity import parse_number

BOUNDS = [
    ("", gettext_lazy("as the sentence says")), ("ge", gettext_lazy("at least")), ("gt", gettext_lazy("more than")),
    ("le", gettext_lazy("at most")), ("lt", gettext_lazy("less than")), ("range", gettext_lazy("from … on")),
    ("about", gettext_lazy("about")),
]  # fmt: skip
RHYTHMS = [
    ("", gettext_lazy("once")), ("daily", gettext_lazy("every day")), ("weekly", gettext_lazy("every week")),
    ("monthly", gettext_lazy("every month")), ("quarterly", gettext_lazy("every quarter")),
    ("yearly", gettext_lazy("every year")), ("periodic", gettext_lazy("from time to time")),
    ("continuous", gettext_lazy("all the time")),
]  # fmt: skip
LONGEST = {"title": 120, "object": 120, "unit": 12, "owner": 60}


def chosen_in(given: QueryDict) -> list[tuple[int, int]]:
    """The drafts a form chose, each with the revision it was seen in ("17:0")."""
    chosen = {}
    for said in given.getlist("chosen"):
        pk, _colon, revision = said.partition(":")
        if pk.isdigit() and revision.isdigit() and len(pk) < 19 and len(revision) < 10:
            chosen[int(pk)] = int(revision)
    if not chosen:
        raise Invalid(_("Choose at least one draft."), field="chosen")
    return list(chosen.items())


def values_in(given: Mapping[str, str]) -> dict[str, Any]:
    """What the form of one card says."""
    values: dict[str, Any] = {key: given.get(key, "").strip()[:n] for key, n in LONGEST.items()}
    values["sort"] = given.get("sort", "")
    if "family" in given:
        values["family"] = given["family"]
    values["bound"] = given.get("bound", "") if given.get("bound", "") in dict(BOUNDS) else ""
    values["recurrence"] = given.get("recurrence", "") if given.get("recurrence", "") in dict(RHYTHMS) else ""
    values["quantity"] = _amount(given.get("quantity", "").strip(), values)
    values["deadline"] = _day(given.get("deadline", "").strip())
    return values


def _amount(said: str, values: dict[str, Any]) -> Decimal | None:
    if not said:
        return None
    try:
        amount, unit = parse_number(said)
    except Invalid as error:
        error.field = "quantity"
        raise
    values["unit"] = values["unit"] or unit[:12]
    return amount


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Invalid(_("Write the day as 2026-08-31."), field="deadline") from error
