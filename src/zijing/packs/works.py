"""What works.csv says, held against the templates of stages, the trades of crews and the types of stops."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import DomainError
from zijing.packs.contents import Pack
from zijing.packs.kinds import KindSpec
from zijing.packs.reading import Reader
from zijing.packs.schema import WorkRow
from zijing.projects.scheduling.problem import Link, Work, order

CREW, STOP = ("crew", "trade"), ("stop", "type")


def check_works(pack: Pack, kinds: dict[str, KindSpec], reader: Reader) -> None:
    """Every work belongs to a stage of its template, waits for works there are, and names known crews and stops."""
    stages = {(s.template, s.stage) for p in (*pack.needed.values(), pack) for s in p.stages}
    trades, types = _choices(kinds, *CREW), _choices(kinds, *STOP)
    for line, row in pack.rows("works.csv"):
        if (row.template, row.stage) not in stages:
            text = _("There is no stage “%(key)s” in this pack or those it requires.")
            reader.fault("works.csv", text, row=line, column="stage", key=f"{row.template}/{row.stage}")
        if row.crew and row.crew not in trades:
            text = _("There is no trade “%(key)s” among the crews.")
            reader.fault("works.csv", text, row=line, column="crew", key=row.crew)
        if unknown := sorted(set(row.halted_by) - types):
            text = _("There is no stop “%(key)s”.")
            reader.fault("works.csv", text, row=line, column="halted_by", key=unknown[0])
    for line, column, problem in _order_problems(pack):
        reader.fault("works.csv", "%(problem)s", row=line, column=column, problem=problem)


def _choices(kinds: dict[str, KindSpec], kind: str, field: str) -> set[str]:
    spec = kinds.get(kind)
    return {c.key for f in spec.fields if f.key == field for c in f.choices} if spec else set()


def _order_problems(pack: Pack) -> Iterator[tuple[int, str, str]]:
    """What stands against the order of a template's works: twice the same, an unknown predecessor, a circle."""
    templates: dict[str, list[tuple[int, WorkRow]]] = {}
    for line, row in pack.rows("works.csv"):
        mine = templates.setdefault(row.template, [])
        if row.work in {other.work for _line, other in mine} or row.order in {other.order for _line, other in mine}:
            yield line, "work", str(_("“%(key)s” stands twice.")) % {"key": f"{row.template}/{row.work}"}
            return
        mine.append((line, row))
    for rows in templates.values():
        links = {r.work: tuple(Link(key) for key in r.links) for _line, r in rows}
        try:
            order([Work(r.work, 0, after=links[r.work]) for _line, r in rows])
        except DomainError as error:
            yield rows[0][0], "after", str(error)
