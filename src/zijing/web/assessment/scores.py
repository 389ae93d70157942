"""A score with what it follows from, what follows from it, the appeal against it, and what waits for a decision."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zijing.assessment.actions import Help, appeal, decide, decide_appeal, is_own, last_day, lift, review
from zijing.assessment.marking import behind, marked_items, waiting_for
from zijing.assessment.models import Appeal, Consequence, Observation, Review, Score
from zijing.assessment.queries import consequences_of, lines_of, pending, rows_behind, score_of, superseding
from zijing.core.errors import Invalid, Missing
from zijing.core.worktime import day_of
from zijing.figures.models import Figure
from zijing.figures.queries import noun_of
from zijing.people.models import Post
from zijing.people.queries import receivers
from zijing.records.models import Record
from zijing.records.paging import page
from zijing.records.tables import stage_label
from zijing.web.access import ActingRequest, acting
from zijing.web.assessment.results import may_read, row_of
from zijing.web.figures.evidence import Line
from zijing.web.records.nouns import PROJECT, address
from zijing.web.records.sending import done_once, taken


@require_GET
@acting
def decisions(request: ActingRequest) -> HttpResponse:
    """What waits for a person: proposals to confirm or drop, appeals to decide, observation periods that run."""
    may_read(request.actor)
    context = {"pending": pending(request.actor), "marks": waiting_for(request.actor)}
    return render(request, "assessment/decisions.html", context)


@require_http_methods(["GET", "POST"])
@acting
def score(request: ActingRequest, pk: int) -> HttpResponseBase:
    """A score, item by item, each opening to the records counted; the steps that may be taken on it."""
    may_read(request.actor)
    found = score_of(request.actor, pk)
    if request.method == "POST":
        done_once(request, {}, lambda: _step(request, found))
        return taken(request, _("Done."), "assessment-score", found.pk)
    ends, own = last_day(found), is_own(request.actor, found)
    raised = Appeal.objects.visible_to(request.actor).filter(score=found).select_related("decided_by").first()
    follows = consequences_of(found)
    observed = any(c.type == Consequence.Type.OBSERVATION for c in follows)
    titles = {i.key: i.title for i in marked_items(found.run.version)}
    context = {
        "score": found, "row": row_of(found), "lines": lines_of(found), "run": found.run, "ends": ends,
        "scheme": found.run.version.scheme, "appeal": raised, "follows": follows,
        "marks": [(m, titles.get(m.item, m.item)) for m in behind(found)] if titles else [],
        "newer": superseding(request.actor, found.run),
        "nothing_known": ends and own and found.total is None,
        "may_appeal": bool(ends and not raised and day_of(request.now) <= ends and own and found.total is not None),
        "may_judge": bool(raised and raised.status == Appeal.Status.OPEN and request.actor.may("assessment.decide")),
        "may_decide": request.actor.may("assessment.consequence"), "verdicts": Review.Verdict.choices,
        "helpers": receivers(request.actor, request.today)[1] if observed else [],
    }  # fmt: skip
    return render(request, "assessment/score.html", context)


def _step(request: ActingRequest, found: Score) -> dict[str, Any]:
    steps: dict[str, Callable[[ActingRequest, Score], None]] = {
        "appeal": _appeal, "confirm": _decide, "drop": _decide, "lift": _decide, "accept": _judge, "refuse": _judge,
        "review": _review,
    }  # fmt: skip
    step = steps.get(request.POST.get("do", ""))
    if step is None:
        raise Invalid(_("Choose what to do."), field="do")
    step(request, found)
    return {"score": found.pk}


def _appeal(request: ActingRequest, found: Score) -> None:
    appeal(actor=request.actor, at=request.now, score=found, text=request.POST.get("text", ""))


def _decide(request: ActingRequest, found: Score) -> None:
    rows = Consequence.objects.visible_to(request.actor).select_related("score__run__version__scheme")
    one = rows.filter(score=found, pk=_number(request, "consequence")).first()
    if one is None:
        raise Missing(_("There is no such consequence within your sight."))
    do, reason = request.POST.get("do"), request.POST.get("reason", "")
    if do == "lift":
        lift(actor=request.actor, at=request.now, consequence=one, reason=reason)
        return
    help_ = _help(request) if do == "confirm" and one.type == Consequence.Type.OBSERVATION else None
    decide(
        actor=request.actor, at=request.now, consequence=one, confirm=do == "confirm", reason=reason, help=help_
    )  # fmt: skip


def _help(request: ActingRequest) -> Help:
    helper = Post.objects.visible_to(request.actor).filter(pk=_number(request, "helper")).first()
    if helper is None:
        raise Invalid(_("Say how the member is helped, and by whom."), field="helper")
    until = _day(request)
    if until is None:
        raise Invalid(_("Give the day on which it ends."), field="until")
    return Help(until, request.POST.get("plan", ""), helper)


def _judge(request: ActingRequest, found: Score) -> None:
    raised = Appeal.objects.visible_to(request.actor).filter(score=found).first()
    if raised is None:
        raise Missing(_("There is no appeal against this score."))
    raised.score = found
    accept = request.POST.get("do") == "accept"
    decide_appeal(
        actor=request.actor, at=request.now, appeal=raised, accept=accept, reason=request.POST.get("reason", "")
    )  # fmt: skip


def _review(request: ActingRequest, found: Score) -> None:
    rows = Observation.objects.visible_to(request.actor).select_related("consequence__score__run")
    one = rows.filter(consequence__score=found, reviews=_number(request, "seen")).first()
    if one is None:
        raise Missing(_("Someone has reviewed this meanwhile."))
    review(
        actor=request.actor, at=request.now, observation=one, verdict=request.POST.get("verdict", ""),
        found=request.POST.get("found", ""), until=_day(request),
    )  # fmt: skip


def _number(request: ActingRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else -1  # what a database's id holds


def _day(request: ActingRequest) -> date | None:
    text = request.POST.get("until", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(_("Give the day as 2020-08-31."), field="until") from error


@require_GET
@acting
def rows(request: ActingRequest, pk: int, item: str) -> HttpResponse:
    """The records an item of a score counts, as they stand now, within sight."""
    may_read(request.actor)
    found = score_of(request.actor, pk)
    line, records = rows_behind(found, item, request.actor, request.now)
    figure: Figure = line.figure  # type: ignore[assignment]
    wanted = records.select_related("kind", "place").defer("fields", "place__geometry")
    shown = page(wanted, noun_of(figure), after=request.GET.get("after", ""))
    context = {
        "score": found, "line": line, "figure": figure, "run": found.run, "next": shown.after,
        "rows": [_row(r, noun_of(figure)) for r in shown.records],
    }  # fmt: skip
    return render(request, "assessment/rows.html", context)


def _row(record: Record, noun: str) -> Line:
    where = address(PROJECT if record.kind.key == PROJECT else noun, record.pk)
    return Line(str(record), where, str(record.kind), str(record.place), stage_label(record.stage), "")
