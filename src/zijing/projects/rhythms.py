"""What the clock does for projects: notes missing reports, publishes the ranking, calls the monthly inspection."""

from datetime import datetime

from zijing.core.worktime import day_of
from zijing.journal.acting import act
from zijing.outbox.rhythm import register_task
from zijing.people.access import system_actor
from zijing.places.models import Place
from zijing.projects.actions.planning import declare as declare_jobs, plan
from zijing.projects.actions.ranking import propose_consequences, publish_ranking
from zijing.projects.queries import missing_reports


def note_missing_reports(office: Place, at: datetime) -> None:
    """At the hour the daily report is due: the journal keeps which projects had none."""
    actor = system_actor(office, "clock")
    with act(actor, at) as a:
        for project in missing_reports(office, day_of(at)):
            a.record("projects.report_missing", project.entry, {"day": [None, day_of(at)]})


def weekly_ranking(office: Place, at: datetime) -> None:
    """On Sunday night: publish the week's ranking and propose what follows."""
    actor = system_actor(office, "clock")
    with act(actor, at):
        publish_ranking(actor=actor, at=at, office=office, week=day_of(at))
        propose_consequences(actor=actor, at=at, office=office, week=day_of(at))


def monthly_inspection(office: Place, at: datetime) -> None:
    """On the inspection's day: the journal keeps that it fell due; Today shows who has not been inspected."""
    with act(system_actor(office, "clock"), at) as a:
        a.record("projects.inspection_due", office, {"month": [None, day_of(at).strftime("%Y-%m")]})


def replan(office: Place, at: datetime) -> None:
    """In the evening, after the reports: foresee all schedules anew."""
    plan(actor=system_actor(office, "clock"), at=at, office=office)


def declare() -> None:
    """Register the tasks of this floor."""
    register_task("projects.replan", replan)
    declare_jobs()
    register_task("projects.daily_report_due", note_missing_reports)
    register_task("projects.weekly_ranking", weekly_ranking)
    register_task("projects.monthly_inspection", monthly_inspection)
