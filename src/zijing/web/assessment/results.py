"""Schemes, and the results of a period: who stands where, and how sure that is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zijing.assessment.actions import propose, publish_run, run
from zijing.assessment.marking import came_later
from zijing.assessment.models import CONFIRM, MARK, READ_POSTS, Run, Scheme, SchemeVersion, Score
from zijing.assessment.queries import (
    own_scores,
    run_of,
    runs_of,
    scheme_of,
    scores_of,
    superseding,
    version_for,
    without_anyone,
)
from zijing.core.errors import Invalid, Missing, Refused
from zijing.core.worktime import DAY
from zijing.figures.known import known
from zijing.figures.periods import first_of, last_of
from zijing.people.access import Actor
from zijing.web.access import ActingRequest, acting
from zijing.web.records.sending import done_once, taken

READ, COMPUTE = "assessment.read", "assessment.run"


@dataclass(frozen=True)
class Row:
    """A score as the table shows it; ``left`` to ``left + width`` is its interval in hundredths of the bar."""

    it: Score
    left: Decimal
    width: Decimal
    ranks: str
    moved: str


def may_read(actor: Actor) -> None:
    """Refuse who neither reads nor computes assessments."""
    if not (actor.may(READ) or actor.may(COMPUTE)):
        raise Refused(_("Your post (%(post)s) may not do this. Ask the office's administrator."), post=actor.title)


@require_GET
@acting
def overview(request: ActingRequest) -> HttpResponse:
    """The own scores, the newest results, and every scheme."""
    may_read(request.actor)
    context = {
        "own": own_scores(request.actor),
        "runs": runs_of(request.actor)[:24],
        "schemes": Scheme.objects.visible_to(request.actor).order_by("population", "key"),
        "decides": request.actor.may("assessment.consequence") or request.actor.may("assessment.decide"),
    }
    return render(request, "assessment/overview.html", context)


@require_http_methods(["GET", "POST"])
@acting
def scheme(request: ActingRequest, key: str) -> HttpResponseBase:
    """A scheme: its items, its versions, its results; who may computes a period of it."""
    may_read(request.actor)
    found = scheme_of(key)
    if request.method == "POST":
        return _compute(request, found)
    current = _current(found, request)
    context = {
        "scheme": found,
        "version": current,
        "spec": current.spec,
        "items": [(i, known(i.figure) if i.figure else None) for i in current.spec.items],
        "versions": SchemeVersion.objects.visible_to(request.actor).filter(scheme=found).order_by("-number"),
        "runs": runs_of(request.actor, found)[:24],
        "may_run": request.actor.may(COMPUTE),
        "may_write": request.actor.may("assessment.write"),
        "may_try": may_try(request.actor, found),
        "may_mark": request.actor.may(MARK) or request.actor.may(CONFIRM),
        "marked": any(i.way == "marks" for i in current.spec.items),
        "today": request.today,
        "last": first_of(request.today, found.period) - DAY,
    }
    return render(request, "assessment/scheme.html", context)


def may_try(actor: Actor, found: Scheme) -> bool:
    """Whether somebody may try versions of a scheme: of posts only who reads their scores."""
    reads = found.population != Scheme.Population.POSTS or actor.may(READ_POSTS)
    return reads and (actor.may(COMPUTE) or actor.may("assessment.write"))


def _current(found: Scheme, request: ActingRequest) -> SchemeVersion:
    try:
        return version_for(found, request.office, first_of(request.today, found.period))
    except Missing:
        return SchemeVersion.objects.visible_to(request.actor).filter(scheme=found).order_by("number")[0]


def _compute(request: ActingRequest, found: Scheme) -> HttpResponseBase:
    provisional = request.POST.get("provisional") == "1"
    try:
        day = request.today if provisional else date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise Invalid(_("Give a day of the period."), field="day") from error

    def do() -> dict[str, Any]:
        made = run(
            actor=request.actor, at=request.now, office=request.office, scheme=found, day=day,
            again=request.POST.get("again") == "1", provisional=provisional,
        )  # fmt: skip
        propose(actor=request.actor, at=request.now, run=made)
        return {"run": made.pk}

    return taken(request, _("Computed."), "assessment-run", done_once(request, {}, do)["run"])


@require_http_methods(["GET", "POST"])
@acting
def result(request: ActingRequest, pk: int) -> HttpResponseBase:
    """A result: every member within sight with rank, score, how sure it is, and movement; who may publishes it."""
    may_read(request.actor)
    found = run_of(request.actor, pk)
    if request.method == "POST":
        done_once(request, {}, lambda: {"run": _publish(request, found).pk})
        return taken(request, _("Published."), "assessment-run", found.pk)
    rows = [row_of(s) for s in scores_of(found, request.actor)]
    context = {
        "run": found,
        "rows": rows,
        "nobody": without_anyone(found),
        "newer": superseding(request.actor, found),
        "scheme": found.version.scheme,
        "hidden": found.members - len(rows),
        "later": came_later(found) if any(i.way == "marks" for i in found.version.spec.items) else 0,
        "over": last_of(found.since, found.version.scheme.period) < request.today,
        "may_publish": request.actor.may(COMPUTE) and not found.publication_id and not found.provisional,
    }
    return render(request, "assessment/result.html", context)


def _publish(request: ActingRequest, found: Run) -> Run:
    publish_run(actor=request.actor, at=request.now, run=found)
    return found


def row_of(score: Score) -> Row:
    """A score ready to show."""
    low, high = score.low or Decimal(0), score.high or Decimal(0)
    ranks = "" if score.rank_from is None else f"{score.rank_from}–{score.rank_to}"
    if score.rank_from == score.rank_to:
        ranks = "" if score.rank_from is None else str(score.rank_from)
    moved = (
        ""
        if score.moved is None
        else ("=" if not score.moved else f"{'▲' if score.moved > 0 else '▼'}{abs(score.moved)}")
    )
    return Row(score, low, max(high - low, Decimal(1)), ranks, moved)
