"""Verbs on the weekly ranking: publish it, frozen; propose what follows from it."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from zijing.activities.actions import WITHDRAWN
from zijing.activities.models import Activity
from zijing.core.errors import Conflict
from zijing.core.worktime import DAY, day_of
from zijing.figures.actions import publish
from zijing.figures.models import Publication
from zijing.journal.acting import act
from zijing.people.access import Actor, require, system_actor
from zijing.places.models import Place
from zijing.projects.models import Consequence, Report
from zijing.projects.queries import RANKING, WEEK, Board, Line, board, frozen, monday
from zijing.projects.queries.contest_results import frozen as frozen_entrant, key_of
from zijing.projects.queries.contests import contest_of, contest_standing


def publish_ranking(*, actor: Actor, at: datetime, office: Place, week: date) -> Publication:
    """Freeze the ranking of the week that contains ``week``: values, rule, and the ids of the reports behind them.

    Publishing a week again returns what was published.
    """
    require(actor, "projects.publish")
    start = monday(week)
    standing = Publication.objects.filter(office=office, key=RANKING, period=start).first()
    if standing:
        return standing
    with act(actor, at):
        shown = _whole_board(office, start)
        reports = Report.objects.filter(project__entry__office=office, void=False, day__lte=start + DAY * 6)
        return publish(
            actor=actor, at=at, office=office, key=RANKING, period=start,
            definition={"rule": str(shown.rule or ""), "formula": "planned and actual percent by stage weights"},
            values={"on": str(shown.on), "lines": [frozen(x) for x in shown.all_lines]},
            evidence=sorted(reports.values_list("pk", flat=True)),
        )  # fmt: skip


def publish_contest(*, actor: Actor, at: datetime, office: Place, key: str) -> Publication:
    """Freeze the results of a contest that is over, with its rule and the ids of the work records behind them.

    Publishing again returns what was published; ``Conflict`` while the contest runs.
    """
    require(actor, "projects.publish")
    contest = contest_of(key)
    if contest.until >= day_of(at):
        raise Conflict(_("The contest is not over yet."))
    with act(actor, at):
        # Who publishes at the same time waits, and then finds it published.
        Place.objects.select_for_update(no_key=True).filter(pk=office.pk).values_list("pk").first()
        rows = Publication.objects.filter(office=office, key=key_of(key), period=contest.since)
        if standing := rows.first():
            return standing
        whole = contest_standing(system_actor(office), contest, day_of(at))
        entrants = [*whole.ranked, *whole.apart]
        counted = Activity.objects.filter(
            subject__in=[e.project.pk for e in entrants], kind__key__in=("daily-report", "investment"),
            happened_on__lte=contest.until,
        ).exclude(stage=WITHDRAWN)  # fmt: skip
        return publish(
            actor=actor, at=at, office=office, key=key_of(key), period=contest.since, definition=dict(contest.said),
            values={"on": str(whole.on), "lines": [frozen_entrant(e, contest.said) for e in entrants]},
            evidence=sorted(counted.values_list("pk", flat=True)), title=contest.title, until=contest.until,
        )  # fmt: skip


def _whole_board(office: Place, start: date) -> Board:
    return board(system_actor(office), start + DAY * 6)


def propose_consequences(*, actor: Actor, at: datetime, office: Place, week: date) -> list[Consequence]:
    """Propose naming for the red ones among the last, and on-site working for one that stays last and red.

    Nothing is proposed from a ranking of fewer projects than the rule's least number. Proposing again adds nothing.
    """
    start = monday(week)
    shown = _whole_board(office, start)
    rule = shown.rule
    if rule is None or len(shown.lines) < rule.least_ranked:
        return []
    proposals = [(x, Consequence.Type.NAMING) for x in shown.lines[-rule.naming_last :] if x.light == "red"]
    worst = shown.lines[-1]
    if worst.light == "red" and _stayed_last(office, worst, start, rule.on_site_weeks):
        proposals.append((worst, Consequence.Type.ON_SITE))
    with act(actor, at) as a:
        made = []
        for line, type_ in proposals:
            consequence, new = Consequence.objects.get_or_create(
                project=line.project, type=type_, week=start,
                defaults={"path": line.project.entry.path, "grounds": frozen(line), "proposed_at": at},
            )  # fmt: skip
            if new:
                made.append(consequence)
                a.record("projects.propose", consequence, {"type": [None, type_], "week": [None, start]})
        return made


def _stayed_last(office: Place, line: Line, start: date, weeks: int) -> bool:
    for n in range(1, weeks):
        earlier = _whole_board(office, start - WEEK * n).lines
        if not earlier or earlier[-1].project.pk != line.project.pk or earlier[-1].light != "red":
            return False
    return True
