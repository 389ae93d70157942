"""All that a post answers for: what slipped and why, its projects, cases, commitments, lists, and the days ahead."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_GET

from zijing.cases.models import Case
from zijing.projects.queries.answering import OwnProject, all_mine
from zijing.records.models import Kind
from zijing.web.access import ActingRequest, acting
from zijing.web.addresses import case_at, list_of, project_at
from zijing.web.calendar.feed import words
from zijing.web.home.blocks import case_item, chosen, unreported_for
from zijing.web.projects.rows import rows
from zijing.web.records.nouns import page_of_listed
from zijing.web.supervision.forms import all_shown
from zijing.web.templatetags.zijing import percent, points


@dataclass(frozen=True)
class Reason:
    """Why a project slipped, in a sentence, and the record that says so."""

    text: str
    href: str


@require_GET
@acting
def page(request: ActingRequest) -> HttpResponse:
    """What is given to the reader's post and unit; who answers for nothing is told where the office stands."""
    found = all_mine(request.actor, request.now)
    lines = rows([p.line for p in found.projects], request.today)
    why = {p.line.project.pk: (p, reasons(p)) for p in found.projects}
    context = {
        "mine": found,
        "slipped": [(p, why[p.line.project.pk][1]) for p in found.slipped],
        "projects": lines,
        "projects_href": chosen("project", (p.line.project.pk for p in found.projects)),
        "cases": [case_item(c, request.now, where(c)) for c in found.cases],
        "cases_href": by_kind(found.cases),
        "listed": [(line, page_of_listed(line.one.subject)) for line in all_shown(found.listed, request.today)],
        "ahead": [(a, words(a.what), page_of_listed(a.record)) for a in found.ahead],
    }
    return render(request, "leading/mine.html", context)


def by_kind(cases: Sequence[Case]) -> dict[Kind, str]:
    """For each kind of case the list of exactly these."""
    ids = defaultdict[Kind, list[int]](list)
    for case in cases:
        ids[case.kind].append(case.pk)
    return {kind: chosen(kind.key, found) for kind, found in ids.items()}


def where(case: Case) -> str:
    """What a case is about and whose turn it is."""
    return " · ".join(str(x) for x in (case.kind, case.subject and case.subject.title, case.unit) if x)


def reasons(one: OwnProject) -> list[Reason]:
    """Why a project stands where it does: each reason leads to the record that says it."""
    line, pk = one.line, one.line.project.pk
    found = []
    if line.apart == "missing":
        found.append(Reason(unreported_for(line.days_missing), f"{project_at(pk)}#reports"))
    if one.worst:
        text = _("%(stage)s: %(actual)s of planned %(planned)s, %(points)s points") % {
            "stage": one.worst.name, "actual": percent(one.worst.actual), "planned": percent(one.worst.planned),
            "points": points(one.worst.points),
        }  # fmt: skip
        stage = reverse("record", args=("commitment", one.worst.pk))
        found.append(Reason(text, stage))
    found += [Reason(f"{c.kind}: {c.title}", case_at(c.pk)) for c in one.blockers[:3]]
    if len(one.blockers) > 3:
        n = len(one.blockers) - 3
        more = ngettext("%(n)s more open case", "%(n)s more open cases", n) % {"n": n}
        found.append(Reason(more, list_of("blocker", subject=pk, open="yes")))
    return found
