"""The audit administrator's pages (GB/T 22239-2019 8.1.4.3): the journal, its chain, who signed in. Nothing writes."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zijing.core.worktime import ZONE
from zijing.journal import chain
from zijing.journal.queries import SIZE, Asked, entries
from zijing.people import queries
from zijing.people.access import require
from zijing.people.models import Account, Post, SignIn
from zijing.records import personal
from zijing.records.sheets.export import CSV, csv_lines, stamp
from zijing.web.access import ActingRequest, acting


def _day(request: ActingRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


@acting
def journal(request: ActingRequest) -> HttpResponseBase:
    """The office's journal under a filter; with ``?verify=1`` the whole chain is checked first."""
    require(request.actor, "audit.read")
    name = request.GET.get("account", "")[:60]
    known = Account.objects.visible_to(request.actor).filter(username=name).first() if name else None
    found = entries(request.office.pk, _asked(request, known.pk if known else -1 if name else None))
    rows = found[:SIZE]
    context = {
        "rows": rows,
        "people": Account.objects.in_bulk({e.actor for e in rows if e.actor}),
        "posts": Post.objects.visible_to(request.actor).in_bulk({e.post for e in rows if e.post}),
        "verdict": chain.verify(request.office.pk) if request.GET.get("verify") else None,
        "next": rows[-1].seq if len(found) > SIZE else None,
        "asked": request.GET,
    }
    return render(request, "admin/journal.html", context)


def _asked(request: ActingRequest, account: int | None) -> Asked:
    since, until = _day(request, "since"), _day(request, "until")
    before = request.GET.get("before", "")
    return Asked(
        verb=request.GET.get("verb", "").strip()[:60],
        account=account,
        since=datetime.combine(since, time.min, ZONE) if since else None,
        until=datetime.combine(until + timedelta(days=1), time.min, ZONE) if until else None,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )


@acting
def export(request: ActingRequest) -> HttpResponseBase:
    """The whole journal of the office as JSON Lines, as ``zijing verify FILE`` checks it without the database."""
    require(request.actor, "audit.read")

    def lines() -> Iterator[str]:
        for record in chain.records_of(request.office.pk):
            yield json.dumps(record, ensure_ascii=False) + "\n"

    headers = {"Content-Disposition": f'attachment; filename="journal-{request.office.pk}.jsonl"'}
    return StreamingHttpResponse(lines(), content_type="application/jsonl; charset=utf-8", headers=headers)


@acting
def sign_ins(request: ActingRequest) -> HttpResponseBase:
    """Who signed in, tried to, or was refused."""
    require(request.actor, "audit.read")
    context = {"found": _sign_ins(request), "outcomes": SignIn.Outcome.choices, "asked": request.GET}
    return render(request, "admin/sign_ins.html", context)


def _sign_ins(request: ActingRequest, after: str | None = None) -> queries.Part:
    outcome = request.GET.get("outcome", "")
    return queries.sign_ins(
        request.actor,
        name=request.GET.get("account", "").strip()[:60],
        outcome=outcome if outcome in SignIn.Outcome.values else "",
        since=_day(request, "since"),
        after=request.GET.get("after", "") if after is None else after,
    )


@acting
def export_sign_ins(request: ActingRequest) -> HttpResponseBase:
    """The sign-in log under the filter of the page as CSV, all of it."""
    require(request.actor, "audit.read")
    head = [_("When"), _("Account"), _("Outcome"), _("Way"), _("Address")]
    rows = (
        [stamp(s.at), str(s.account or ""), s.get_outcome_display(), s.way_in_words, s.address]
        for s in _every(lambda after: _sign_ins(request, after))
    )
    return _csv("sign-ins", head, rows)


@acting
def looks(request: ActingRequest) -> HttpResponseBase:
    """Who had personal values shown, of what kind of record, and why."""
    context = {"found": _looks(request), "asked": request.GET}
    return render(request, "admin/looks.html", context)


def _looks(request: ActingRequest, after: str | None = None) -> queries.Part:
    return personal.looks(
        request.actor,
        account=request.GET.get("account", "").strip()[:60],
        since=_day(request, "since"),
        after=request.GET.get("after", "") if after is None else after,
    )


@acting
def export_looks(request: ActingRequest) -> HttpResponseBase:
    """The log of looks under the filter of the page as CSV, all of it."""
    require(request.actor, "audit.read")
    head = [_("When"), _("Account"), _("Post"), _("Record"), _("No."), _("Fields"), _("Reason")]
    rows = (
        [
            stamp(one.look.at), str(one.look.account or ""), str(one.look.post or ""), one.kind,
            str(one.look.subject_id), one.fields, one.look.reason,
        ]
        for one in _every(lambda after: _looks(request, after))
    )  # fmt: skip
    return _csv("looks", head, rows)


def _every(read: Callable[[str], queries.Part]) -> Iterator[Any]:
    """The rows of all pages, read one page at a time."""
    part = read("")
    yield from part.rows
    while part.after:
        part = read(part.after)
        yield from part.rows


def _csv(name: str, head: list[str], rows: Iterable[list[str]]) -> HttpResponseBase:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(csv_lines(head, rows), content_type=CSV, headers=headers)
