"""What a project's page draws of its money, clearance and permits, each number with the address of its records."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zijing.projects.queries import Clearance, Coming, Permit, ProjectPage
from zijing.web.addresses import case_at, list_of

MOST_DAYS = 30


@dataclass(frozen=True)
class MonthRow:
    """Money of a month in fen, ready to show; ``behind`` where less was done by its end than planned."""

    first: date
    done: int
    so_far: int
    planned: int
    href: str
    behind: bool


def affairs(page: ProjectPage, on: date) -> dict[str, Any]:
    """The parts of the page that the ledgers of a project give."""
    pk = page.project.pk
    return {
        "months": months(page, on),
        "clearances": [clearance(c, pk, on) for c in page.affairs.clearances],
        "permits": [(p, entry_at(p.entry.pk), light_words(p)) for p in page.affairs.permits],
        "permit_list": list_of("permit", subject=pk),
        "parcels": page.affairs.parcels,
        "area": page.affairs.area,
        "parcel_list": list_of("parcel", subject=pk),
        "coming": [(c, words(c), address(c)) for c in page.coming],
    }


def months(page: ProjectPage, on: date) -> list[MonthRow]:
    """The months of the running year with what was done in each; none without a record or a plan."""
    money = page.money
    if not money.done and not money.plan:
        return []
    return [
        MonthRow(
            m.first, m.done, m.so_far, m.planned,
            list_of("investment", subject=page.project.pk, happened=f"{m.first}..{min(last_of(m.first), on)}"),
            m.so_far < m.planned,
        )
        for m in money.months
    ]  # fmt: skip


def last_of(first: date) -> date:
    """The last day of the month that begins on ``first``."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def clearance(found: Clearance, pk: int, on: date) -> dict[str, Any]:
    """A clearance with its chart of what was left at the end of each day, and the records behind its numbers."""
    conditions: dict[str, Any] = {"subject": pk, "f.what": found.what}
    chart = {
        "x": [d.day.isoformat() for d in found.days],
        "series": [{"name": _("left"), "values": [float(d.left) for d in found.days]}],
        "unit": found.label,
    }
    return {
        "it": found,
        "total_href": _of("clearance", conditions),
        "done_href": _of("cleared", conditions, happened=f"..{on}"),
        "chart": chart if len(found.days) > 1 else None,
        "chart_id": f"left-{found.what}",
        "days": [(d, _of("cleared", conditions, happened=d.day)) for d in reversed(found.days[-MOST_DAYS:])],
    }


def _of(kind: str, conditions: dict[str, Any], **more: object) -> str:
    return list_of(kind, **{**conditions, **more})


def entry_at(pk: int) -> str:
    """The page of a ledger entry."""
    return reverse("record", args=("register", pk))


def light_words(permit: Permit) -> str:
    """Where a permit stands, in a word or two."""
    if permit.light == "green":
        return _("granted")
    if permit.light == "red":
        return _("overdue")
    return _("applied for") if permit.applied_on else _("not applied for yet")


def words(one: Coming) -> str:
    """What kind of thing a day ahead brings."""
    said = {"stage": _("stage to be finished"), "start": _("stage begins"), "case": _("case due")}
    return said.get(one.what) or _("permit due")


def address(one: Coming) -> str:
    """The page of what a day ahead brings."""
    return case_at(one.pk) if one.noun == "case" else reverse("record", args=(one.noun, one.pk))
