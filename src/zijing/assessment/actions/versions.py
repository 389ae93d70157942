"""Verbs on an office's own versions of a scheme: proposed for a period that has not begun, withdrawn before it does."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from zijing.assessment.definition import SchemeSpec, figure_problems
from zijing.assessment.figures import said_of
from zijing.assessment.members import KINDS
from zijing.assessment.models import Scheme, SchemeVersion
from zijing.assessment.queries import version_for
from zijing.core.errors import Conflict, Invalid
from zijing.core.worktime import day_of
from zijing.figures.known import find
from zijing.figures.members import ENTRY, can_be_split
from zijing.figures.periods import first_of
from zijing.journal.acting import act
from zijing.people.access import Actor, require, require_office
from zijing.places.models import Place

WRITE = "assessment.write"
Table = Mapping[str, Any]


def propose_version(
    *, actor: Actor, at: datetime, office: Place, scheme: Scheme, items: Sequence[Table], since: date,
    consequences: Sequence[Table] | None = None, source: str = "",
) -> SchemeVersion:  # fmt: skip
    """Make the office's own version of a scheme: its items, and what follows (None: as before), from ``since`` on.

    Whom it assesses and over which periods stays. ``Invalid`` when ``since`` is not the first day of a period to come,
    and when the version breaks a rule of schemes, with the item's key and the field.
    """
    require(actor, WRITE)
    require_office(actor, office.pk)
    if since <= day_of(at) or since != first_of(since, scheme.period):
        raise Invalid(_("A version holds from the first day of a period that has not begun."), field="since")
    spec = checked(scheme, office, since, items, consequences)
    with act(actor, at) as a:
        Scheme.objects.select_for_update(no_key=True).filter(pk=scheme.pk).values_list("pk").first()
        number = SchemeVersion.objects.filter(scheme=scheme).aggregate(n=Max("number"))["n"] or 0
        made = SchemeVersion.objects.create(
            scheme=scheme, office=office, number=number + 1, since=since, source=source.strip()[:200],
            definition=spec.definition(), made_at=at, made_by_id=actor.post_id,
        )  # fmt: skip
        a.record("assessment.version", made, {"since": [None, since]}, path=office.path)
        return made


def checked(
    scheme: Scheme, office: Place, since: date, items: Sequence[Table], consequences: Sequence[Table] | None
) -> SchemeSpec:
    """What the office's version would say, held against the rules of schemes and the figures there are."""
    base = version_for(scheme, office, since).spec
    said = base.model_dump(mode="json") | {"items": [dict(i) for i in items], "since": since.isoformat()}
    if consequences is not None:
        said["consequences"] = [dict(c) for c in consequences]
    try:
        spec = SchemeSpec.model_validate(said)
    except ValidationError as error:
        raise _in_words(error, items) from error
    for n, column, problem in figure_problems(spec, said_of):
        raise Invalid(problem.message, field=f"items.{spec.items[n].key}.{column}", **problem.params)
    if spec.population in KINDS:
        for item in spec.items:
            if item.figure and not can_be_split(find(item.figure), ENTRY):
                text = _("The records “%(key)s” counts name no entry of a ledger: no entry is assessed by it.")
                raise Invalid(text, field=f"items.{item.key}.figure", key=item.figure)
    return spec


def _in_words(error: ValidationError, items: Sequence[Table]) -> Invalid:
    """The first fault: which field of which item, and what is wrong with it."""
    found = error.errors()[0]
    where = [str(step) for step in found["loc"]]
    raised = (found.get("ctx") or {}).get("error")
    said = raised.args[0] if isinstance(raised, ValueError) and raised.args else ""
    text = str(said)
    if len(where) > 1 and where[0] == "items" and where[1].isdecimal() and int(where[1]) < len(items):
        where[1] = str(items[int(where[1])].get("key", where[1]))
    if text:
        with translation.override("en"):
            named, _colon, rest = str(said).partition(":")
        field = ".".join([*where, named]) if rest and named.isidentifier() else ".".join(where) or "weight"
        return Invalid("%(text)s", field=field, text=text)
    return Invalid(_("“%(field)s” is not as it must be."), field=".".join(where))


def withdraw_version(*, actor: Actor, at: datetime, version: SchemeVersion) -> None:
    """Take an office's own version back before its first day; it keeps its number and is shown as withdrawn."""
    require(actor, WRITE)
    if version.office_id is None:
        raise Invalid(_("A pack's version is not withdrawn; make an own one."))
    require_office(actor, version.office_id)
    if version.since <= day_of(at):
        raise Invalid(_("The version holds since %(day)s; make another one."), day=version.since)
    with act(actor, at) as a:
        if not SchemeVersion.objects.filter(pk=version.pk, withdrawn_at=None).update(withdrawn_at=at):
            raise Conflict(_("Someone has withdrawn this meanwhile."))
        a.record("assessment.withdraw", version, {"withdrawn_at": [None, at]}, path=actor.office_path)
        version.withdrawn_at = at
