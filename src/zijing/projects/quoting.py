"""What documents may show of projects: the ranking at the end of their days."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from zijing.core.quantity import show_number
from zijing.core.worktime import day_of
from zijing.documents.answers import Setting, register_piece
from zijing.documents.source import Block, Run, Table
from zijing.people.access import system_actor
from zijing.projects.queries import Line, board


def ranking(setting: Setting, _options: Sequence[str] = ()) -> tuple[Block, ...]:
    """The ranked projects of the office, first to last; nothing when none is ranked."""
    shown = board(system_actor(setting.office), setting.until or day_of(setting.at))
    if not shown.lines:
        return ()
    head = (_("Rank"), _("Project"), _("Planned"), _("Actual"), _("Points"))
    return (Table(_("Ranking of projects"), head, tuple(_row(line) for line in shown.lines)),)


def _row(line: Line) -> tuple[tuple[Run, ...], ...]:
    name = Run(str(line.project.entry), url=f"/projects/{line.project.pk}/")
    numbers = (f"{show_number(line.planned, 1)}%", f"{show_number(line.actual, 1)}%", show_number(line.points, 1))
    return ((Run(str(line.rank or "")),), (name,), *((Run(text),) for text in numbers))


def declare() -> None:
    """Let documents show the ranking."""
    register_piece("项目排名", "project ranking", piece=ranking)
