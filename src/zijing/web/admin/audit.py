"""The audit administrator's pages (GB/T 22239-2019 8.1.4.3): the journal, its chain, who signed in. Nothing writes."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from zijing.core.worktime import ZONE
from zijing.journal import chain
from zijing.journal.queries import SIZE, Asked, entries
from zijing.people import queries
from zijing.people.access import require
from zijing.people.models import Account, Post, SignIn
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
    outcome = request.GET.get("outcome", "")
    found = queries.sign_ins(
        request.actor,
        name=request.GET.get("account", "").strip()[:60],
        outcome=outcome if outcome in SignIn.Outcome.values else "",
        since=_day(request, "since"),
        after=request.GET.get("after", ""),
    )
    return render(
        request, "admin/sign_ins.html", {"found": found, "outcomes": SignIn.Outcome.choices, "asked": request.GET}
    )
