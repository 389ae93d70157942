"""Who is assessed: the members of a scheme's population, and what was measured of each for its items."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zijing.assessment.definition import SchemeSpec
from zijing.assessment.models import Scheme
from zijing.figures.counting import Scope
from zijing.figures.known import find
from zijing.figures.members import ENTRY, PLACE, UNIT, Measured, Member, measure
from zijing.figures.models import Figure
from zijing.people.models import Post, Unit, in_force
from zijing.places.models import Level, Place, under
from zijing.records.models import NOWHERE
from zijing.registers.models import Entry

KINDS = {Scheme.Population.PROJECTS: "project", Scheme.Population.ENTERPRISES: "enterprise"}
LEVELS = {
    Scheme.Population.COMMUNITIES: (Level.COMMUNITY, Level.VILLAGE),
    Scheme.Population.OFFICES: (Level.OFFICE,),
}
NOTHING = Measured(None, 0)


@dataclass(frozen=True)
class Subject:
    """A member: the column and id that name it, where it is, what it is called, and whose records count for it."""

    column: str
    pk: int
    path: str
    label: str
    member: Member

    @property
    def name(self) -> str:
        """How a form names it: ``place-12``."""
        return f"{self.column}-{self.pk}"


def members_of(spec: SchemeSpec, office: Place, on: date) -> list[Subject]:
    """The members there are on a day, in a steady order."""
    population = Scheme.Population(spec.population)
    if population in LEVELS:
        rows = Place.objects.standing().filter(under(office.path), level__in=LEVELS[population]).exclude(pk=office.pk)
        return [Subject("place", p.pk, p.path, p.name, Member(PLACE, p.path)) for p in rows.order_by("path")]
    if population == Scheme.Population.UNITS:
        units = Unit.objects.filter(office=office).select_related("place").order_by("code")
        wanted = units.filter(kind=spec.kind) if spec.kind else units
        return [Subject("unit", u.pk, u.place.path, u.name, Member(UNIT, u.pk)) for u in wanted]
    if population == Scheme.Population.POSTS:
        return [post_subject(p, office) for p in _posts(spec, office, on)]
    kind = spec.kind or KINDS[population]
    entries = Entry.objects.filter(office=office, kind__key=kind).exclude(stage__in=NOWHERE).order_by("pk")
    return [
        Subject("entry", pk, path, title, Member(ENTRY, pk))
        for pk, path, title in entries.values_list("pk", "path", "title")
    ]


def _posts(spec: SchemeSpec, office: Place, on: date) -> list[Post]:
    rows = Post.objects.filter(in_force(on), office=office, role__key__in=spec.roles)
    return list(rows.select_related("place").order_by("code"))


def post_subject(post: Post, office: Place) -> Subject:
    """A post answers for what lies at its place; one that serves the whole office for what its unit has."""
    whole = post.place_id == office.pk
    member = Member(UNIT, post.unit_id) if whole else Member(PLACE, post.place.path)
    return Subject("post", post.pk, post.place.path, post.title, member)


def measured(figure: Figure, subjects: Sequence[Subject], scope: Scope) -> list[Measured]:
    """A figure of every member: as many queries as the figure needs once, however many members there are."""
    by = defaultdict[str, list[int]](list)
    for n, subject in enumerate(subjects):
        by[subject.member.by].append(n)
    found = [NOTHING] * len(subjects)
    for positions in by.values():
        for n, one in zip(positions, measure(figure, [subjects[n].member for n in positions], scope), strict=True):
            found[n] = one
    return found


def table(
    spec: SchemeSpec, subjects: Sequence[Subject], scope: Scope, marks: Mapping[tuple[str, str, int], list[Decimal]]
) -> list[list[Measured]]:
    """What was measured, item by item; ``marks`` are those confirmed, by item and member. A figure is counted once."""
    figures = {item.figure: find(item.figure) for item in spec.items if item.figure}
    counted = {key: measured(figure, subjects, scope) for key, figure in figures.items()}
    return [
        counted[item.figure] if item.figure else [_marked(marks.get((item.key, s.column, s.pk), [])) for s in subjects]
        for item in spec.items
    ]


def _marked(given: Sequence[Decimal]) -> Measured:
    return Measured(sum(given, Decimal(0)) / len(given), len(given)) if given else NOTHING
