"""The daily report as a form: what is asked, what it begins with, and what was wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from zijing.core.errors import DomainError, Invalid, Several
from zijing.projects.models import Project, Report
from zijing.projects.queries import StageLine
from zijing.records.fields import Field
from zijing.records.files import MAX_BYTES
from zijing.records.kinds import find_kind

WHOLE = 100
SAME_FIELD = {"file": "photo", "happened_on": "date", "day": "date"}


@dataclass
class Faults:
    """What was wrong: sentences at fields, and those about no field that is shown."""

    shown: frozenset[str]
    at: dict[str, str] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)

    def add(self, error: DomainError) -> None:
        """Put an error, or each of several, at its field."""
        for one in error.errors if isinstance(error, Several) else [error]:
            name = SAME_FIELD.get(one.field, one.field)
            if name in self.shown:
                self.at.setdefault(name, str(one))
            else:
                self.general.append(str(one))


@dataclass(frozen=True)
class Draft:
    """What the form begins with: a stage, whether it is counted, and the values of the last report."""

    stage: StageLine | None
    counted: bool
    values: Mapping[str, Any]
    previous: Report | None
    today: Report | None


def fields_of(kind: str) -> dict[str, Field]:
    """The fields of a kind by key; none when no pack defines it."""
    found = find_kind(kind)
    return dict(found.by_key) if found else {}


def running(stages: list[StageLine], last: Report | None) -> StageLine | None:
    """The stage a report is most likely about: the one reported last, unless it is done, else the first not done."""
    same = [s for s in stages if last and s.stage.pk == last.stage_id and s.actual_share < WHOLE]
    unfinished = [s for s in stages if s.state != "done"]
    return next(iter(same or unfinished or stages[-1:]), None)


def draft(project: Project, stages: list[StageLine], day: date, chosen: str, by: str) -> Draft:
    """The form's beginning for the stage ``chosen`` (its number), or for the running one."""
    standing = project.reports.filter(void=False, day__lte=day).select_related("activity")
    last = standing.order_by("-day", "-pk").first()
    stage = next((s for s in stages if str(s.stage.pk) == chosen), None) or running(stages, last)
    of_stage = standing.filter(stage=stage.stage if stage else None).order_by("-day", "-pk")
    previous = last if last and stage and last.stage_id == stage.stage.pk else of_stage.first()
    counted = is_counted(stage, previous, by)
    crew = last.crew if last else None
    return Draft(stage, counted, {**_amount(stage, previous, counted), "crew": crew}, previous, _if_of(previous, day))


def _if_of(report: Report | None, day: date) -> Report | None:
    return report if report and report.day == day else None


def is_counted(stage: StageLine | None, previous: Report | None, by: str) -> bool:
    """Whether the stage is reported by count: it has a quantity, and was not given in percent the last time."""
    if stage is None or not stage.quantity or by == "share":
        return False
    return by == "count" or previous is None or previous.activity.fields.get("count") is not None


def _amount(stage: StageLine | None, previous: Report | None, counted: bool) -> dict[str, Any]:
    if stage is None:
        return {}
    if counted:
        given = previous.activity.fields.get("count") if previous else None
        return {"count": int(given if given is not None else stage.actual_share * (stage.quantity or 0) / WHOLE)}
    return {"share": plain(stage.actual_share)}


def plain(value: Decimal) -> str:
    """A number as it is typed: no trailing zeros."""
    return format(value.normalize(), "f")


def day_of(request: HttpRequest, today: date) -> date:
    """The day a report is about; ``Invalid`` when it is no date."""
    text = request.POST.get("date", "")
    try:
        return date.fromisoformat(text) if text else today
    except ValueError as error:
        raise Invalid(_("“%(text)s” is no day."), field="date", text=text[:20]) from error


def photo_of(request: HttpRequest) -> tuple[bytes, str] | None:
    """The uploaded photo and its name; never more of it in memory than tells that it is too large."""
    upload = request.FILES.get("photo")
    return (upload.read(MAX_BYTES + 1), upload.name or "") if upload else None
