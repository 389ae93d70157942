"""A contest's page: who stands where, by which outcome, and what follows."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zijing.projects.actions import publish_contest
from zijing.projects.models import titles_of
from zijing.projects.queries.contest_results import results
from zijing.projects.queries.contests import Contest, Entrant, Standings, contest_of, contests
from zijing.web.access import ActingRequest, acting
from zijing.web.addresses import list_of
from zijing.web.records.sending import done_once, taken

OUTCOMES = {
    "points": gettext_lazy("Points ahead of the plan on the last day: done minus planned."),
    "gain": gettext_lazy("Points of percent done in the period: done on the last day minus done before the first."),
    "investment": gettext_lazy("Investment of the period as a share of the year's plan."),
}
APART = {"done": gettext_lazy("completed before"), "silent": gettext_lazy("no report, or no plan to invest by")}


@dataclass(frozen=True)
class Row:
    """An entrant, ready to show: the records behind its numbers."""

    it: Entrant
    reports_href: str
    invested_href: str
    apart: str


@require_GET
@acting
def contest_page(request: ActingRequest, key: str) -> HttpResponse:
    """Where the projects within sight stand in a contest, with the reason of each place."""
    known = contests()
    contest = contest_of(key, known)
    shown = results(request.actor, contest, request.today) if contest.since <= request.today else None
    contest = shown.contest if shown else contest
    context = {
        "contest": contest,
        "shown": shown,
        "rows": rows(shown.ranked, shown) if shown else [],
        "apart": rows(shown.apart, shown) if shown else [],
        "outcome": OUTCOMES[contest.outcome],
        "among": among(contest),
        "may_publish": bool(shown and shown.over and not shown.published_at and request.actor.may("projects.publish")),
        "others": [c for c in known if c.key != key],
    }
    return render(request, "projects/contest.html", context)


@require_POST
@acting
def publish(request: ActingRequest, key: str) -> HttpResponseBase:
    """Publish the results of a contest that is over: they stand as they are now."""

    def do() -> dict[str, Any]:
        made = publish_contest(actor=request.actor, at=request.now, office=request.office, key=key)
        return {"publication": made.pk}

    done_once(request, {}, do)
    return taken(request, _("Published."), "contest", key)


def among(contest: Contest) -> str:
    """Which projects take part, in words."""
    types, levels = titles_of("type"), titles_of("level")
    named = [types.get(k, k) for k in contest.types] + [levels.get(k, k) for k in contest.levels]
    return ", ".join(named) or _("all projects")


def rows(entrants: list[Entrant], shown: Standings) -> list[Row]:
    """Entrants with the addresses of the records of the period."""
    happened = f"{shown.contest.since}..{shown.on}"
    return [
        Row(
            one,
            list_of("daily-report", subject=one.project.pk, happened=happened),
            list_of("investment", subject=one.project.pk, happened=happened),
            str(APART.get(one.apart, "")),
        )
        for one in entrants
    ]
