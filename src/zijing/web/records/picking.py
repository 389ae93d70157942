"""What a choice among many shows: the group it stands in, what its class says, and the letters it is found by."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from zijing.people.models import Unit
from zijing.places.models import Level, Place
from zijing.records.fields import Field
from zijing.records.rules import limit_from
from zijing.search.words import letters

# From how many options on a box is offered that finds them by a few characters or initials.
MANY = 12


class Option(NamedTuple):
    """One choice of an input. ``also`` holds other words for it, ``letters`` what its name and those are typed by."""

    value: str
    text: str
    group: str = ""
    hint: str = ""
    also: str = ""
    letters: str = ""


class Chooser:
    """What offers options: as they stand together, and with a box to find them by where there are many."""

    options: list[Option]
    value: str

    @property
    def groups(self) -> list[tuple[str, list[Option]]]:
        """The options as they stand together."""
        return [(group, list(options)) for group, options in groupby(self.options, key=attrgetter("group"))]

    @property
    def many(self) -> bool:
        """Whether a person is better served by typing a few characters than by reading all options."""
        return len(self.options) > MANY


def findable(options: list[Option]) -> list[Option]:
    """The same choices, found by initials too where there are many."""
    if len(options) <= MANY:
        return options
    return [o._replace(letters="|".join(map(letters, (o.text, *filter(None, o.also.split("|")))))) for o in options]


def classes(f: Field) -> list[Option]:
    """The choices of a field, those of a tree below the heading they belong to; a heading is none, unless it may be."""
    paths = {key: f.path_of(key) for key in set(f.parents.values())}
    headings = set() if f.any_node else paths.keys()
    names = f.titles
    made = [
        Option(
            key, names[key], paths.get(f.parents.get(key, ""), ""), hint_of(f, key),
            "|".join(f.rules.get(key, {}).get("aliases", ())),
        )
        for key in _downwards(f) if key not in headings
    ]  # fmt: skip
    return made or [Option("yes", _("yes")), Option("no", _("no"))]


def _downwards(f: Field) -> list[str]:
    """The choices in the order of the pack, each followed by what belongs to it."""
    below: dict[str, list[str]] = defaultdict(list)
    for key, _zh, _en in f.choices:
        below[f.parents.get(key, "")].append(key)
    ordered, waiting = list[str](), below[""][::-1]
    while waiting:
        ordered.append(waiting.pop())
        waiting += below[ordered[-1]][::-1]
    return ordered


def hint_of(f: Field, key: str) -> str:
    """What the class of a choice says, in a line: condition, what is to be done, limit."""
    parts = [str(f.told(key, what) or "") for what in ("condition", "remedy")]
    if rule := f.told(key, "limit"):
        parts.append(_("limit: %(limit)s") % {"limit": limit_from(rule)})
    return _("; ").join(filter(None, parts))


def things(rows: Iterable[Any]) -> list[Option]:
    """Places, units, posts and entries as choices: a grid stands with its community, a unit with those of its kind."""
    rows = list(rows)
    names = {row.pk: row.name for row in rows if isinstance(row, Place)}
    return [Option(f"#{row.pk}", str(row), _group(row, names)) for row in rows]


def _group(row: Any, places: dict[int, str]) -> str:
    if isinstance(row, Unit):
        return str(Unit.Kind(row.kind).label)
    if not isinstance(row, Place) or row.level in {Level.COUNTY, Level.OFFICE}:
        return ""
    return places.get(row.parent_id or 0, "") if row.level == Level.GRID else row.name
