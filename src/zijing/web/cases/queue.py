"""What waits for the acting post now, by next step: Today's lists at their full length, each line with its button."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zijing.cases.waiting import ANSWER, DECIDE, TURNS, Pile, piles
from zijing.cases.wanted import reports_wanted
from zijing.core.errors import Missing
from zijing.web.access import ActingRequest, acting
from zijing.web.addresses import page_of
from zijing.web.cases.lines import Line, lines_of, report_lines
from zijing.web.cases.several import BUTTONS

# Of each step on the page of all, and on the page of one.
FEW, MANY = 8, 50
PROGRESS = "progress"
STEPS = {*(turn.move for turn in TURNS), ANSWER, DECIDE, PROGRESS}


@dataclass(frozen=True)
class Group:
    """What waits for one step, with the page of that step alone and the button for several of them at once."""

    step: str
    title: Promise | str
    n: int
    lines: list[Line]
    href: str
    several: Promise | str = ""

    @property
    def more(self) -> int:
        """How many more wait than are shown."""
        return self.n - len(self.lines)


@acting
def queue(request: ActingRequest) -> HttpResponse:
    """What waits for this post, the nearest deadline first; ``step`` shows more of one step."""
    only = request.GET.get("step", "")
    if only and only not in STEPS:
        raise Missing(_("There is no such step."))
    most = MANY if only else FEW
    found = piles(request.actor, request.now, most=most, only=only)
    context = {
        "groups": [*(_group(pile, request) for pile in found), *_reports(request, most, only)],
        "only": only,
        "here": request.get_full_path(),
    }
    return render(request, "cases/queue.html", context)


def _group(pile: Pile, request: ActingRequest) -> Group:
    lines = lines_of(pile.step, pile.first, request.actor, request.now)
    several = BUTTONS.get(pile.step, "") if len(lines) > 1 else ""
    return Group(pile.step, pile.label, pile.n, lines, _alone(pile.step), several)


def _reports(request: ActingRequest, most: int, only: str) -> list[Group]:
    """The reports on supervision that this post owes, if any."""
    wanted = reports_wanted(request.actor, request.today) if only in {"", PROGRESS} else []
    lines = report_lines(wanted[:most], request.today)
    return [Group(PROGRESS, _("To report on supervision"), len(wanted), lines, _alone(PROGRESS))] if wanted else []


def _alone(step: str) -> str:
    return f"{page_of('queue')}?step={step}"
