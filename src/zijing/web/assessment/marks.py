"""Reviewers' marks of a period: given with what was seen, confirmed or refused by another person."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zijing.assessment.actions import confirm_mark, mark, refuse_mark
from zijing.assessment.marking import for_decision, markable, marked_items, marks_in_sight, stale
from zijing.assessment.models import CONFIRM, MARK, Mark, Scheme, SchemeVersion
from zijing.assessment.queries import scheme_of, version_for
from zijing.core.errors import DomainError, Invalid, Missing
from zijing.core.worktime import DAY
from zijing.figures.periods import first_of
from zijing.people.access import Actor, require
from zijing.web.access import ActingRequest, acting
from zijing.web.records.nouns import address
from zijing.web.records.sending import done_once, is_for_the_page, taken

RECORD = re.compile(r"/records/(?P<noun>[a-z]+)/(?P<pk>\d{1,17})/|/(?P<case>case)s/(?P<id>\d{1,17})/")


@dataclass(frozen=True)
class Row:
    """A mark as its list shows it; ``decides`` where the reader may confirm or refuse it."""

    it: Mark
    item: str
    href: str
    decides: bool


@require_http_methods(["GET", "POST"])
@acting
def marks(request: ActingRequest, key: str, day: str) -> HttpResponseBase:
    """The marks of the period that holds a day ("now": today) within sight, and the form to give one; a refusal shows
    the form with what was typed.
    """
    actor, found = request.actor, scheme_of(key)
    if not actor.may(CONFIRM):
        require(actor, MARK)
    since = first_of(_day(request, day), found.period)
    error = None
    if request.method == "POST":
        try:
            done_once(request, {}, lambda: _step(request, found, since))
        except DomainError as refused:
            if refused.status != Invalid.status or not is_for_the_page(request, refused):
                raise
            error = refused
        else:
            return taken(request, _("Done."), "assessment-marks", key, since.isoformat())
    version = version_for(found, request.office, since)
    context = {
        "scheme": found, "since": since, "before": first_of(since - DAY, found.period), "error": error,
        "items": marked_items(version), "rows": _rows(actor, version, since), "given": request.POST,
        "subjects": markable(version, request.office, since, request.today) if actor.may(MARK) else [],
        "stale": stale(found, request.office, since),
    }  # fmt: skip
    return render(request, "assessment/marks.html", context, status=error.status if error else 200)


def _day(request: ActingRequest, text: str) -> date:
    if text == "now":
        return request.today
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(_("Give the day as 2020-08-31."), field="day") from error
    if day > request.today:
        raise Invalid(_("That period has not begun."), field="day")
    return day


def _rows(actor: Actor, version: SchemeVersion, since: date) -> list[Row]:
    titles = {i.key: str(i.title) for i in marked_items(version)}
    found = marks_in_sight(actor, version.scheme, since)
    waiting = for_decision(actor, found)
    return [_row(m, titles, m.pk in waiting) for m in found]


def _row(one: Mark, titles: dict[str, str], decides: bool) -> Row:
    href = address(one.record_type, one.record_id) if one.record_id is not None else ""
    return Row(one, titles.get(one.item, one.item), href, decides)


def _step(request: ActingRequest, found: Scheme, since: date) -> dict[str, Any]:
    steps: dict[str, Callable[[ActingRequest, Scheme, date], int]] = {
        "mark": _mark, "confirm": _confirm, "refuse": _refuse,
    }  # fmt: skip
    step = steps.get(request.POST.get("do", ""))
    if step is None:
        raise Invalid(_("Choose what to do."), field="do")
    return {"mark": step(request, found, since)}


def _mark(request: ActingRequest, found: Scheme, since: date) -> int:
    given = request.POST
    try:
        value = Decimal(given.get("mark", "").strip())
    except InvalidOperation as error:
        raise Invalid(_("A mark lies between 0 and 100, with two decimals at most."), field="mark") from error
    return mark(
        actor=request.actor, at=request.now, office=request.office, scheme=found, item=given.get("item", ""), day=since,
        member=given.get("member", ""), mark=value, evidence=given.get("evidence", ""), record=_record(request),
    ).pk  # fmt: skip


def _record(request: ActingRequest) -> tuple[str, int] | None:
    """The record whose address was pasted."""
    text = request.POST.get("record", "").strip()
    if not text:
        return None
    found = RECORD.search(text)
    if found is None:
        raise Invalid(_("Paste the address of a record's page, such as /cases/12/."), field="record")
    return found["noun"] or found["case"], int(found["pk"] or found["id"])


def _one(request: ActingRequest, found: Scheme, since: date) -> Mark:
    text = request.POST.get("one", "")
    pk = int(text) if text.isdecimal() and len(text) < 18 else -1  # what a database's id holds
    one = Mark.objects.visible_to(request.actor).filter(pk=pk, scheme=found, since=since).first()
    if one is None:
        raise Missing(_("There is no such mark within your sight."))
    return one


def _confirm(request: ActingRequest, found: Scheme, since: date) -> int:
    one = _one(request, found, since)
    confirm_mark(actor=request.actor, at=request.now, mark=one)
    return one.pk


def _refuse(request: ActingRequest, found: Scheme, since: date) -> int:
    one = _one(request, found, since)
    refuse_mark(actor=request.actor, at=request.now, mark=one, reason=request.POST.get("reason", ""))
    return one.pk
