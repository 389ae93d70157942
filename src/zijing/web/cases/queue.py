"""What waits for the acting post now, by next step: Today's lists at their full length, each line with its button."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zijing.cases.waiting import ANSWER, DECIDE, TURNS, Pile, piles
from zijing.core.errors import Missing
from zijing.web.access import ActingRequest, acting
from zijing.web.addresses import page_of
from zijing.web.cases.lines import Line, lines_of
from zijing.web.cases.several import BUTTONS

# Of each step on the page of all, and on the page of one.
FEW, MANY = 8, 50
STEPS = {*(turn.move for turn in TURNS), ANSWER, DECIDE}


@dataclass(frozen=True)
class Group:
    """What waits for one step, with the page of that step alone and the button for several of them at once."""

    step: str
    title: Promise
    n: int
    lines: list[Line]
    href: str
    several: Promise | str

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
    found = piles(request.actor, request.now, most=MANY if only else FEW, only=only)
    context = {
        "groups": [_group(pile, request) for pile in found],
        "only": only,
        "here": request.get_full_path(),
    }
    return render(request, "cases/queue.html", context)


def _group(pile: Pile, request: ActingRequest) -> Group:
    lines = lines_of(pile.step, pile.first, request.actor, request.now)
    several = BUTTONS.get(pile.step, "") if len(lines) > 1 else ""
    return Group(pile.step, pile.label, pile.n, lines, f"{page_of('queue')}?step={pile.step}", several)
