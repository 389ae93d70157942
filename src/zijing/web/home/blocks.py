"""What the day's page is made of: a few blocks, each with counts that open and a short list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _, ngettext

from zijing.cases.models import Case, Stage
from zijing.figures.queries import Value
from zijing.projects.models import Project
from zijing.projects.queries import named
from zijing.projects.ranking import Standing
from zijing.web.addresses import case_at, list_of, project_at
from zijing.web.templatetags.zijing import minute, points

SHOWN = 6


@dataclass(frozen=True)
class Count:
    """A number and the page of the very records it counts."""

    label: str
    shown: str
    href: str
    tone: str = ""


@dataclass(frozen=True)
class Item:
    """A line of a block: one record and what matters of it now."""

    title: str
    href: str
    text: str = ""
    badge: str = ""
    tone: str = ""
    light: str = ""
    number: str = ""


@dataclass(frozen=True)
class Action:
    """What this person is most likely to do now, as a big button."""

    title: str
    href: str
    icon: str
    text: str = ""
    done: bool = False


@dataclass(frozen=True)
class Block:
    """A question of the day and its answer."""

    title: str
    icon: str
    counts: list[Count] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    empty: str = ""
    more: tuple[str, str] | None = None


@dataclass(frozen=True)
class OfficeLine:
    """An office beside the others, for the county: its projects by light, and what blocks them."""

    name: str
    board: str
    counts: list[Count]


@dataclass(frozen=True)
class Day:
    """The day's page of a post."""

    blocks: list[Block]
    actions: list[Action] = field(default_factory=list)
    tools: list[Action] = field(default_factory=list)
    offices: list[OfficeLine] = field(default_factory=list)
    figures: list[Value] = field(default_factory=list)
    note: str = ""


def chosen(kind: str, ids: Iterable[int]) -> str:
    """The address of the list of exactly these records."""
    return list_of(kind, "id=" + (",".join(str(i) for i in sorted(set(ids))) or "0"))


def project_items(standing: Sequence[Standing]) -> list[Item]:
    """The first projects with their light and points."""
    return [_project_item(*one) for one in named(standing[:SHOWN])]


def _project_item(project: Project, stands: Standing) -> Item:
    waits = stands.apart == "missing"
    return Item(
        title=str(project),
        href=project_at(project.pk),
        text=str(project.leader or ""),
        light="" if waits else stands.light,
        number="" if waits else points(stands.points),
        badge=unreported_for(stands.days_missing) if waits else "",
        tone="red" if waits else "",
    )


def unreported_for(days: int) -> str:
    """For how long a project has said nothing."""
    text = ngettext("%(n)s working day without a report", "%(n)s working days without a report", days)
    return text % {"n": days}


def deadline(due_at: datetime, at: datetime) -> str:
    """How far a deadline is, as shortly as it can be said."""
    if due_at >= at:
        return _("due %(when)s") % {"when": minute(due_at)}
    days = (at - due_at).days
    return (
        ngettext("%(n)s day overdue", "%(n)s days overdue", days) % {"n": days}
        if days
        else _("overdue, less than a day")
    )


def case_item(case: Case, at: datetime, text: str | Promise = "") -> Item:
    """A case with its deadline."""
    late = bool(case.due_at and case.due_at < at)
    return Item(
        title=case.title,
        href=case_at(case.pk),
        text=str(text),
        badge=deadline(case.due_at, at) if case.due_at else "",
        tone="red" if late else "yellow" if case.is_near(at) else "",
    )


def case_text(case: Case) -> str:
    """Where a case is and whose turn it is, in a few words."""
    where = case.subject.title if case.subject else case.place.name
    return f"{where} · {case.unit}" if case.unit else f"{where} · {Stage(case.stage).label}"
