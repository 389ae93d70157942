"""``zijing rank`` and ``zijing publish-ranking``: the weekly ranking at the command line."""

import json
from typing import Any

import click
from django.utils.translation import gettext

from zijing.cli.common import DATE, chosen_office, day_of, office_option, operator
from zijing.cli.texts import _, table
from zijing.places import clock
from zijing.projects import queries
from zijing.projects.actions import publish_ranking as publish

week_option = click.option("--week", type=DATE, help=_("A day of the week meant (default: this week)."))


@click.command(help=_("Show the ranking of a week."))
@week_option
@office_option
@click.option("--json", "as_json", is_flag=True, help=_("As JSON."))
def rank(week: Any, office_code: str | None, as_json: bool) -> None:
    office = chosen_office(office_code)
    board = queries.board(operator(office), queries.last_day(day_of(office, week), clock.today(office)))
    if as_json:
        facts = {
            "week": str(board.week_start), "on": str(board.on), "published": board.published is not None,
            "lines": [_facts(line) for line in board.lines], "unranked": [_facts(line) for line in board.unranked],
            "changed_since": board.changed_since,
        }  # fmt: skip
        click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
    else:
        click.echo(_shown(board))


def _facts(line: Any) -> dict[str, Any]:
    numbers = {key: str(getattr(line, key)) for key in ("planned", "actual", "points", "gain")}
    rest = ("rank", "previous_rank", "movement", "light", "late", "open_blockers", "days_missing")
    facts = {key: getattr(line, key) for key in rest}
    day = line.last_report.isoformat() if line.last_report else None
    return {"project": line.project.pk, "title": str(line.project), **facts, **numbers, "last_report": day}


def _shown(board: queries.Board) -> str:
    head = [
        gettext("rank"), gettext("project"), gettext("planned %"), gettext("actual %"), gettext("points"),
        gettext("light"), gettext("blockers"), gettext("last report"),
    ]  # fmt: skip
    lights = {"green": gettext("on track"), "yellow": gettext("slipping"), "red": gettext("behind")}
    rows = [
        [str(line.rank or "–"), str(line.project), f"{line.planned:.1f}", f"{line.actual:.1f}", f"{line.points:+.1f}",
         lights.get(line.light, ""), str(line.open_blockers), str(line.last_report or "–")]
        for line in board.all_lines
    ]  # fmt: skip
    title = gettext("Week of %(week)s, counted until %(on)s") % {"week": board.week_start, "on": board.on}
    return f"{title}\n{table(head, rows, right=(0, 2, 3, 4, 6))}"


@click.command(help=_("Freeze the ranking of a week with its evidence."))
@week_option
@office_option
def publish_ranking(week: Any, office_code: str | None) -> None:
    office = chosen_office(office_code)
    made = publish(actor=operator(office), at=clock.now(office), office=office, week=day_of(office, week))
    facts = {"week": made.period, "digest": made.digest, "seq": made.journal_seq}
    click.echo(gettext("Week of %(week)s published: digest %(digest)s, journal entry %(seq)d") % facts)
