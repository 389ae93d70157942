"""The list of projects: where each stands today, under a filter; the same counts as the board, from the same reads."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.people.access import Actor, dated
from zijing.people.models import Assignment, Post
from zijing.projects.models import titles_of
from zijing.projects.queries.board import Line, board, known_type
from zijing.registers.models import Entry

LIGHTS = ("red", "yellow", "green", "missing", "waiting", "done")
ORDERS = ("worst", "number", "promised")
WORST = {light: n for n, light in enumerate(("red", "missing", "yellow", "green", "waiting", "done"))}


@dataclass(frozen=True)
class Wanted:
    """A filter of the list; "" and None leave a part open. ``light`` is a light, or why a project stands apart."""

    type: str = ""
    level: str = ""
    light: str = ""
    leader: int | None = None
    order: str = "worst"
    unit: int | None = None
    channel: bool = False

    @property
    def columns(self) -> dict[str, object]:
        """What is asked for of a project itself, as conditions."""
        named = {"type": self.type, "level": self.level, "leader": self.leader}
        return {key: value for key, value in named.items() if value}


@dataclass(frozen=True)
class Listing:
    """The projects asked for, how many there are by light before that filter, and whom a filter can name."""

    lines: list[Line]
    counts: Mapping[str, int]
    leaders: list[Post]
    units: list[tuple[int, str]]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def wanted(
    type: str = "", level: str = "", light: str = "", leader: str = "", order: str = "", unit: str = "",
    channel: str = "",
) -> Wanted:  # fmt: skip
    """A filter as an address writes it; ``Invalid`` names what there is not."""
    if level and level not in titles_of("level"):
        raise Invalid(_("There is no level of project “%(level)s”."), field="level", level=level[:20])
    if light and light not in LIGHTS:
        raise Invalid(_("There is no light “%(light)s”."), field="light", light=light[:20])
    if order and order not in ORDERS:
        raise Invalid(_("The list cannot be put in the order “%(order)s”."), field="order", order=order[:20])
    if channel not in {"", "yes"}:
        raise Invalid(_("A project is in the green channel, or it is not asked for."), field="channel")
    post, of_unit = _id(leader, "leader"), _id(unit, "unit")
    return Wanted(known_type(type), level, light, post, order or ORDERS[0], of_unit, channel == "yes")


def _id(text: str, field: str) -> int | None:
    if text and not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Invalid(_("There is no post or unit “%(id)s”."), field=field, id=text[:20])
    return int(text) if text else None


def light_of(line: Line) -> str:
    """What the list says of a project: its light, or why it stands apart."""
    return line.apart or line.light


def listing(actor: Actor, on: date, asked: Wanted) -> Listing:
    """The projects within sight at ``on`` that meet a filter, worst first unless asked otherwise."""
    lines = board(actor, on).everywhere
    units = _units(lines, on)
    leaders = {line.project.leader.pk: line.project.leader for line in lines if line.project.leader}
    kept = [x for x in lines if _meets(x, asked) and (asked.unit is None or asked.unit in units[x.project.pk])]
    shown = [x for x in kept if not asked.light or light_of(x) == asked.light]
    found = Counter(light_of(x) for x in kept)
    return Listing(
        sorted(shown, key=ORDER[asked.order]),
        {light: found[light] for light in LIGHTS if found[light]},
        sorted(leaders.values(), key=lambda post: post.title),
        _by_name(units),
    )


def of_unit(unit: int, on: date) -> Q:
    """What a unit keeps or was given, as a condition on projects."""
    given = Assignment.objects.filter(dated(on), subject_type=Entry._meta.label_lower, unit=unit)
    return Q(entry__unit=unit) | Q(pk__in=given.values("subject_id"))


def _units(lines: Iterable[Line], on: date) -> dict[int, dict[int, str]]:
    """The units that each project is given to, with their names, and the one that keeps it; one query."""
    found: dict[int, dict[int, str]] = {line.project.pk: {} for line in lines}
    given = Assignment.objects.filter(dated(on), subject_type=Entry._meta.label_lower, subject_id__in=list(found))
    for project, unit, name in given.values_list("subject_id", "unit", "unit__name"):
        if unit is not None:
            found[project][unit] = name
    for line in lines:
        if kept_by := line.project.entry.unit_id:
            found[line.project.pk].setdefault(kept_by, "")
    return found


def _by_name(units: Mapping[int, Mapping[int, str]]) -> list[tuple[int, str]]:
    named = {pk: name for some in units.values() for pk, name in some.items() if name}
    return sorted(named.items(), key=lambda one: (one[1], one[0]))


def _meets(line: Line, asked: Wanted) -> bool:
    project = line.project
    return (
        (not asked.type or project.type == asked.type)
        and (not asked.level or project.level == asked.level)
        and (asked.leader is None or project.leader_id == asked.leader)
        and (line.green_channel or not asked.channel)
    )


ORDER = {
    "worst": lambda line: (WORST[light_of(line)], line.points, line.project.promised_on, line.project.pk),
    "number": lambda line: (line.project.entry.business_key, line.project.pk),
    "promised": lambda line: (line.project.promised_on, line.project.pk),
}
