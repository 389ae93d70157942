"""The day of each role, composed from the reads of projects and cases, within the actor's sight."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Case as Choose, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _

from zijing.cases.models import Case, Stage, Supervision
from zijing.cases.queries import Work, open_work
from zijing.cases.supervision import supervised
from zijing.core.plans import passing
from zijing.core.worktime import is_working
from zijing.figures.known import known
from zijing.figures.queries import Value, values
from zijing.people.access import Actor
from zijing.places.models import Level, Place
from zijing.projects.models import Project, Report
from zijing.projects.queries import consequences_to_decide, missing_reports, my_projects, ranking
from zijing.projects.ranking import Standing
from zijing.records.filters import near_deadline, overdue
from zijing.records.models import Kind
from zijing.web.access import ActingRequest
from zijing.web.addresses import list_of, page_of
from zijing.web.home.administering import administering
from zijing.web.home.asking import all_waiting, asked
from zijing.web.home.blocks import (
    SHOWN,
    Action,
    Block,
    Count,
    Day,
    Item,
    OfficeLine,
    case_item,
    case_text,
    chosen,
    project_items,
)
from zijing.web.home.needing import needing
from zijing.web.records.nouns import page_of_listed
from zijing.web.templatetags.days import month_day
from zijing.web.templatetags.zijing import day, full_day


class After(Choose):
    """Where in an order what meets a condition comes: before all that does not."""

    def __init__(self, condition: Q) -> None:
        super().__init__(When(condition, then=0), default=1)


Composer = Callable[[ActingRequest], Day]
HEADLINES = ("investment.done", "blockers.on_time_share", "buildings.topped_share", "enterprises.above_scale")


def items_of(work: Work, *order: Any) -> list[Item]:
    return [case_item(c, work.at, case_text(c)) for c in work.first(SHOWN, *order)]


def late_first(standing: list[Standing]) -> list[Standing]:
    return sorted(standing, key=lambda stands: stands.points)


def counts_by_kind(
    found: Mapping[Kind, Sequence[int]], query: str, tone: str = "", said: str = "%(kind)s", which: int = 0
) -> list[Count]:
    """One count for each kind of case that occurs, each opening that kind's list; ``said`` names it."""
    numbers = {kind: counted[which] for kind, counted in found.items()}
    return [Count(said % {"kind": kind}, str(n), list_of(kind.key, query), tone) for kind, n in numbers.items() if n]


def standing_counts(standing: list[Standing]) -> list[Count]:
    """How many of these projects are behind, and how many cannot be ranked for want of a report."""
    red = [x.pk for x in standing if x.light == "red" and not x.apart]
    silent = [x.pk for x in standing if x.apart == "missing"]
    return [
        Count(_("behind"), str(len(red)), chosen("project", red), "red" if red else ""),
        Count(_("without a report"), str(len(silent)), chosen("project", silent), "yellow" if silent else ""),
    ]


def behind(standing: list[Standing]) -> Block:
    """What is behind: the projects whose light is red, then those that say nothing."""
    red = late_first([x for x in standing if x.light == "red" and not x.apart])
    items = project_items([*red, *(x for x in standing if x.apart == "missing")])
    board_link = (_("The board"), reverse("board"))
    counts = standing_counts(standing)
    return Block(_("What is behind"), "trending-down", counts, items, _("No project is behind."), board_link)


def stuck(work: Work, listed: list[Supervision]) -> Block:
    """What is stuck: overdue and listed blockers first."""
    blockers = work.of_kind("blocker")
    n, late = next(iter(blockers.by_kind(overdue(work.at)).values()), (0, 0))
    first = {s.subject_id for s in listed if s.subject.kind.key == "blocker"}
    counts = [
        Count(_("open blockers"), str(n), list_of("blocker", "open=yes")),
        Count(_("overdue"), str(late), list_of("blocker", "overdue=yes"), "red" if late else ""),
        Count(_("under supervision"), str(len(first)), chosen("blocker", first)),
    ]
    more = (_("All open blockers"), list_of("blocker", "open=yes"))
    order = (After(overdue(work.at)), After(Q(pk__in=first)))
    return Block(_("What is stuck"), "flag", counts, items_of(blockers, *order), _("Nothing blocks a project."), more)


def deciding(actor: Actor) -> Block:
    """Who must act: what the ranking proposes and nobody has decided."""
    rows = consequences_to_decide(actor)
    items = [
        Item(
            c.project.entry.title, reverse("project", args=(c.project_id,)) + "#consequences",
            _("week of %(day)s · %(who)s") % {"day": month_day(c.week), "who": c.project.leader or "—"},
            c.get_type_display(), "yellow",
        )
        for c in rows[:SHOWN]
    ]  # fmt: skip
    counts = [Count(_("to decide"), str(len(rows)), reverse("board") + "#to-decide", "yellow" if rows else "")]
    return Block(_("Who must act"), "gavel", counts, items, _("Nothing waits for a decision."))


def headlines(request: ActingRequest) -> list[Value]:
    """The office's headline figures of the year so far, those that the applied packs define."""
    figures = [figure for figure in map(known, HEADLINES) if figure]
    since = date(request.today.year, 1, 1)
    return values(figures, request.actor, at=request.now, since=since, until=request.today)


def leading(request: ActingRequest) -> Day:
    """Secretary and director: behind, stuck, who must act; and the year's headline figures."""
    actor, at = request.actor, request.now
    blocks = [
        behind(ranking(actor, request.today)),
        stuck(open_work(actor, at), supervised(actor)),
        deciding(actor),
        *asked(request),
    ]
    return Day(blocks, tools=[answering(), promises()], figures=headlines(request))


def answering() -> Action:
    """The way to all that the post answers for."""
    return Action(_("All that I answer for"), page_of("mine"), "user")


def promises() -> Action:
    """The way to the plans, and from there to what slipped in each and why."""
    return Action(_("Plans"), page_of("plans"), "list-check")


def in_charge(request: ActingRequest) -> Day:
    """A leader in charge: the own projects first, what blocks them, what to decide."""
    actor, at = request.actor, request.now
    own = set(my_projects(actor).values_list("pk", flat=True))
    mine = late_first([x for x in ranking(actor, request.today) if x.pk in own])
    count = Count(_("projects"), str(len(mine)), chosen("project", (x.pk for x in mine)))
    block = Block(
        _("My projects this week"), "building",
        [count, *standing_counts(mine)], project_items(mine),
        _("No project is given to you."), (_("The board"), reverse("board")),
    )  # fmt: skip
    work = open_work(actor, at).where(subject__in=own)
    listed = [s for s in supervised(actor) if getattr(s.subject, "subject_id", None) in own]
    blocks = [block, _own_stuck(stuck(work, listed), work), deciding(actor), *asked(request)]
    return Day(blocks, tools=[answering(), promises()])


def _own_stuck(block: Block, work: Work) -> Block:
    """The same block, its counts opening the own projects' blockers only."""
    blockers = work.of_kind("blocker").rows.values_list("pk", flat=True)
    count = Count(_("open blockers"), block.counts[0].shown, chosen("blocker", blockers))
    return Block(_("What blocks them"), block.icon, [count], block.items, block.empty, block.more)


def unreported(request: ActingRequest) -> Block:
    """Which projects in work have no report of today yet."""
    title = _("Not reported today")
    if not is_working(request.today):
        return Block(title, "calendar", empty=_("Today is a day off: no report is due."))
    seen = set(Project.objects.visible_to(request.actor).values_list("pk", flat=True))
    rows = [p for p in missing_reports(request.office, request.today) if p.pk in seen]
    items = [Item(p.entry.title, reverse("project", args=(p.pk,)), _("due by 18:00")) for p in rows[:SHOWN]]
    count = Count(_("projects"), str(len(rows)), chosen("project", (p.pk for p in rows)), "yellow" if rows else "")
    sent = (_("Today's reports"), list_of("daily-report", f"happened={request.today.isoformat()}"))
    return Block(title, "clock", [count], items, _("Every project has reported."), sent)


def organising(request: ActingRequest) -> Day:
    """Project office, sections, administrator: who has not reported, what to dispatch, what to check."""
    blocks = [
        unreported(request),
        *_casework(open_work(request.actor, request.now)),
        *asked(request),
        *needing(request),
    ]
    return Day(blocks, tools=_tools(request.actor))


def dispatching(request: ActingRequest) -> Day:
    """An office that runs its own cases (safety, governance, targets): what to dispatch, to check, and to handle."""
    work = open_work(request.actor, request.now)
    return Day(
        [*_casework(work), my_turn(work, request.actor), *asked(request), *needing(request)],
        tools=_tools(request.actor),
    )


def _casework(work: Work) -> list[Block]:
    waiting = work.where(stage__in=(Stage.FILED, Stage.REOPENED))
    checking = work.where(stage=Stage.CHECKING)
    to_dispatch = Block(
        _("To dispatch"), "send",
        counts_by_kind(waiting.by_kind(), "stage=filed,reopened", "yellow"), items_of(waiting),
        _("Every case is with somebody."), all_waiting("dispatch"),
    )  # fmt: skip
    to_check = Block(
        _("To check"), "clipboard-check", counts_by_kind(checking.by_kind(), "stage=checking"), items_of(checking),
        _("Nothing waits to be checked."), all_waiting("close"),
    )  # fmt: skip
    return [to_dispatch, to_check]


def _tools(actor: Actor) -> list[Action]:
    may = actor.may("registers.write") or actor.may("people.write")
    return [Action(_("Import a sheet"), reverse("import"), "file-import")] if may else []


def my_turn(work: Work, actor: Actor) -> Block:
    """The cases that wait for the actor's unit, and which of them the clock has noted."""
    mine = work.where(passing("unit", actor.unit_id), stage__in=(Stage.DISPATCHED, Stage.HANDLING))
    turn = f"unit={actor.unit_id}&stage=dispatched,handling"
    found = mine.by_kind(near_deadline(work.at), overdue(work.at))
    counts = [
        *counts_by_kind(found, turn, "yellow"),
        *counts_by_kind(found, f"{turn}&near=yes", "yellow", _("%(kind)s, close to the deadline"), which=1),
        *counts_by_kind(found, f"{turn}&overdue=yes", "red", _("%(kind)s, overdue"), which=2),
    ]
    return Block(
        _("My turn"),
        "user",
        counts,
        items_of(mine),
        _("Nothing waits for you."),
        (_("All that waits"), page_of("queue")),
    )


def reporting(request: ActingRequest) -> Day:
    """A task team: the day's report of each project, the own cases, where the projects stand."""
    actor, at = request.actor, request.now
    own = list(my_projects(actor))
    reports = Report.objects.visible_to(actor).filter(project__in=own, day=request.today, void=False)
    sent = set(reports.values_list("project", flat=True))
    actions = [_report_action(p, p.pk in sent) for p in own[:SHOWN]]
    mine = [x for x in ranking(actor, request.today) if x.pk in {p.pk for p in own}]
    standing = Block(
        _("Where we stand"), "chart-bar", [], project_items(late_first(mine)),
        _("No project is given to you."), (_("The board"), reverse("board")),
    )  # fmt: skip
    note = "" if is_working(request.today) else _("Today is a day off: no report is due.")
    return Day([my_turn(open_work(actor, at), actor), *asked(request), standing], actions, note=note)


def _report_action(project: Project, sent: bool) -> Action:
    text = _("sent today; send again only if something changed") if sent else _("due by 18:00")
    title = _("Report: %(project)s") % {"project": project.entry.title}
    return Action(title, reverse("report", args=(project.pk,)), "check" if sent else "edit", text, sent)


def on_the_ground(request: ActingRequest) -> Day:
    """Community and grid: report a problem, the own cases, the problems near."""
    actor, at = request.actor, request.now
    work = open_work(actor, at)
    near = work.of_kind("issue")
    where = request.holding.post.place
    around = Block(
        _("Problems in %(place)s") % {"place": where.name}, "map-pin",
        [Count(_("open"), str(near.rows.count()), list_of("issue", "open=yes"))], items_of(near),
        _("No open problem here."),
        (_("On the map"), reverse("map")),
    )  # fmt: skip
    filed = Case.objects.visible_to(actor).filter(recorded_by=actor.post_id).select_related("kind").order_by("-pk")
    said = [
        Item(
            c.title,
            reverse("case", args=(c.pk,)),
            day(c.recorded_at),
            str(Stage(c.stage).label),
            "green" if c.stage == Stage.CLOSED else "",
        )
        for c in filed[:SHOWN]
    ]
    reported = Block(_("What I reported"), "message", [], said, _("You have reported nothing yet."))
    action = Action(
        _("Report a problem"),
        reverse("new", args=("issue",)),
        "alert-triangle",
        _("What, where; a photo only if words do not suffice"),
    )
    return Day([my_turn(work, actor), *asked(request), around, reported], [action])


def comparing(request: ActingRequest) -> Day:
    """The county: offices side by side, what stands on supervision lists, what is overdue."""
    actor, at = request.actor, request.now
    standing, work, listed = ranking(actor, request.today), open_work(actor, at), supervised(actor)
    blockers = work.of_kind("blocker").by("office", overdue(at))
    offices = Place.objects.visible_to(actor).offices().filter(level=Level.OFFICE).by_code()
    office_of = dict(Project.objects.visible_to(actor).values_list("pk", "entry__office"))
    beside = [
        _office_line(o, [x for x in standing if office_of[x.pk] == o.pk], *blockers.get(o.pk, (0, 0))) for o in offices
    ]
    late = work.late()
    supervision = Block(
        _("On supervision lists"), "list-check", _listed_counts(listed),
        [_listed_item(s, request.today) for s in listed[:SHOWN]],
        _("Nothing is listed."), (_("All lists"), page_of("supervision")),
    )  # fmt: skip
    passed = Block(
        _("Overdue"), "alarm",
        counts_by_kind(late.by_kind(), "overdue=yes", "red"), items_of(late), _("No case is overdue."),
    )  # fmt: skip
    return Day([supervision, passed], offices=beside)


def _listed_counts(listed: list[Supervision]) -> list[Count]:
    found = defaultdict[str, list[int]](list)
    for s in listed:
        found[s.subject.kind.key].append(s.subject_id)
    kinds = {s.subject.kind.key: s.subject.kind for s in listed}
    return [Count(str(kinds[k]), str(len(set(ids))), chosen(k, ids)) for k, ids in found.items()]


def _listed_item(s: Supervision, today: date) -> Item:
    until = _("until %(day)s") % {"day": full_day(s.until)}
    until = f"{until} · {_('overdue')}" if s.until < today else until
    about = getattr(s.subject, "subject", None)
    level = str(s.get_level_display())
    return Item(s.subject.title, page_of_listed(s.subject), f"{about.title} · {level}" if about else level, until)


def _office_line(office: Place, standing: list[Standing], n: int, late: int) -> OfficeLine:
    counts = [Count(_("projects"), str(len(standing)), chosen("project", (x.pk for x in standing)))]
    counts += standing_counts(standing)
    within = f"place={office.pk}"
    counts.append(Count(_("open blockers"), str(n), list_of("blocker", f"open=yes&{within}")))
    counts.append(Count(_("overdue"), str(late), list_of("blocker", f"overdue=yes&{within}"), "red" if late else ""))
    return OfficeLine(office.name, reverse("board"), counts)


# By the ``day`` of a role.
COMPOSERS: dict[str, Composer] = {
    "leading": leading,
    "in_charge": in_charge,
    "organising": organising,
    "dispatching": dispatching,
    "reporting": reporting,
    "on_the_ground": on_the_ground,
    "comparing": comparing,
    "administering": administering,
}
