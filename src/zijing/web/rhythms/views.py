"""What an office does again and again: when, what happens on a day off, when it was done last, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from zijing.activities.rounds import ROUND, Done, done, rounds_of
from zijing.core.worktime import day_of
from zijing.outbox.models import Rhythm
from zijing.records.models import in_language
from zijing.web.access import ActingRequest, acting
from zijing.web.addresses import list_of, page_of

# Where one sees what a task has done.
PAGES = {
    "activities.round": "", "assessment.monthly": "assessments", "documents.draft": "documents",
    "commitments.weekly_review": "reviews", "commitments.monthly_standing": "reviews",
    "projects.weekly_ranking": "board", "projects.daily_report_due": "projects", "projects.replan": "projects",
}  # fmt: skip
SOME = 20


@dataclass(frozen=True)
class Row:
    """A rhythm as the page shows it."""

    rhythm: Rhythm
    title: str
    when: str
    href: str
    done: Done | None

    @property
    def missed(self) -> str:
        """The first places that nobody has been to yet."""
        return "、".join(self.done.missed[:SOME]) if self.done else ""


@acting
def page(request: ActingRequest) -> HttpResponse:
    """The rhythms of the actor's office; a county sees those of its offices."""
    seen = Rhythm.objects.visible_to(request.actor).select_related("office")
    rhythms = list(seen.order_by("office__path", "next_at", "pk"))
    so_far = _so_far(request, [r for r in rhythms if r.office_id == request.actor.office_id])
    rows = [_row(r, so_far.get((r.task.partition(":")[2], r.every))) for r in rhythms]
    several = len({r.office_id for r in rhythms}) > 1
    context = {"rows": rows, "several": several, "rounds": any(row.done for row in rows)}
    return render(request, "rhythms/rhythms.html", context)


def _so_far(request: ActingRequest, mine: Sequence[Rhythm]) -> dict[tuple[str, str], Done]:
    """How far the rounds of the own office are."""
    return {} if not mine else done(request.actor, mine[0].office, rounds_of(mine), day_of(request.now))


def _row(rhythm: Rhythm, so_far: Done | None) -> Row:
    name, _colon, about = rhythm.task.partition(":")
    href = list_of(about) if name == ROUND else page_of(PAGES[name]) if name in PAGES else ""
    return Row(rhythm, in_language(rhythm.title_zh, rhythm.title_en), when(rhythm), href, so_far)


def when(rhythm: Rhythm) -> str:
    """When it is done, in words: "Mondays, 08:30"."""
    said = {"at": f"{rhythm.at:%H:%M}"}
    match rhythm.every:
        case Rhythm.Every.WORKDAY:
            return _("working days, %(at)s") % said
        case Rhythm.Every.WEEK:
            return _("every %(weekday)s, %(at)s") % (said | {"weekday": WEEKDAYS[int(rhythm.on) - 1]})
        case Rhythm.Every.MONTH:
            return _("every month, %(day)s, %(at)s") % (said | {"day": _of_month(rhythm.on)})
    month, _sign, day = rhythm.on.partition("-")
    return _("every quarter, month %(month)s, %(day)s, %(at)s") % (said | {"month": month, "day": _of_month(day)})


def _of_month(on: str) -> str:
    return _("last working day") if on == "last-workday" else _("day %(day)s") % {"day": on}
