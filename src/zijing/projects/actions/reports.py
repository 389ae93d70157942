"""Verbs on daily reports: report, correct, withdraw."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.activities.actions import correct_activity, record_activity, withdraw
from zijing.activities.models import Activity
from zijing.cases.actions import file_case
from zijing.core.errors import Conflict, Invalid, Missing
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.projects.models import Project, Report, Stage
from zijing.records.files import Upload, attach, make_ready, store
from zijing.records.kinds import kind_of
from zijing.records.models import Attachment, File
from zijing.records.referring import Resolved
from zijing.records.writing import clean_values, client_twin

DAILY, BLOCKER = "daily-report", "blocker"


def report(
    *,
    actor: Actor,
    at: datetime,
    project: Project,
    day: date,
    values: Mapping[str, Any],
    blocker: Mapping[str, Any] | None = None,
    photo: File | Upload | None = None,
    client_id: UUID | None = None,
) -> Report:
    """Report a day's work on a stage: the share done so far in percent, or the count of it, and the crew.

    ``values`` are raw values of the daily report's fields; ``stage`` names a milestone by number or name. A ``blocker``
    (raw values) files a case in the same act. With a ``client_id`` seen before, the report made then is returned.
    """
    require(actor, "projects.report")
    if not Project.objects.visible_to(actor).filter(pk=project.pk).exists():
        raise Missing(_("There is no such project within your sight."))
    if isinstance(photo, Upload):
        make_ready([photo])
    with act(actor, at):
        if twin := client_twin(Activity, client_id):
            return Report.objects.get(pk=twin.pk)
        kind = kind_of(DAILY)
        raw = {**values, "project": Resolved(project.pk), "date": day}
        cleaned = clean_values(kind, raw, actor)
        stage = find_stage(project, cleaned.get("stage"))
        share = share_of(stage, cleaned)
        _check(project, stage, day, share, remark=cleaned.get("remark"))
        cleaned |= {"share": share, "blocked": bool(blocker), "stage": stage.milestone.business_key if stage else None}
        if isinstance(photo, Upload):
            photo = store(actor=actor, at=at, sent=photo)
        if photo:
            cleaned["photo"] = photo.pk
        activity = record_activity(
            actor=actor, at=at, kind=kind, values=cleaned, subject=project.entry, client_id=client_id,
            right="projects.report",
        )  # fmt: skip
        made = Report.objects.create(
            activity=activity, project=project, stage=stage, day=day, share=share, crew=cleaned.get("crew")
        )
        if photo:
            attach(actor=actor, at=at, subject=activity, file=photo, part=Attachment.Part.NEAR)
        if blocker:
            file_blocker(actor=actor, at=at, project=project, values=blocker)
        return made


def file_blocker(*, actor: Actor, at: datetime, project: Project, values: Mapping[str, Any]) -> None:
    """File what blocks a project as a case about it."""
    kind = kind_of(BLOCKER)
    cleaned = clean_values(kind, {**values, "project": Resolved(project.pk)}, actor)
    file_case(actor=actor, at=at, kind=kind, values=cleaned, subject=project.entry, source="daily-report")


def find_stage(project: Project, text: str | None) -> Stage | None:
    """The project's stage named by its milestone's number or name; ``Invalid`` when there is none."""
    if not text:
        return None
    named = Q(milestone__business_key=text) | Q(milestone__title=text)
    stage = project.stages.select_related("milestone").filter(named).order_by("order").first()
    if stage is None:
        raise Invalid(_("This project has no stage “%(stage)s”."), field="stage", stage=text[:40])
    return stage


def share_of(stage: Stage | None, values: Mapping[str, Any]) -> Decimal | None:
    """The share in percent: as given, or from the count and the stage's quantity."""
    count = values.get("count")
    if values.get("share") is not None or count is None:
        return values.get("share")
    total = stage.milestone.quantity if stage else None
    if not total:
        raise Invalid(_("This stage has no quantity to count against; give the share in percent."), field="count")
    if count > total:
        raise Invalid(
            _("%(count)s is more than the %(total)s there are."), field="count", count=count, total=int(total)
        )
    return (Decimal(count) * 100 / total).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _check(
    project: Project,
    stage: Stage | None,
    day: date,
    share: Decimal | None,
    *,
    remark: str | None,
    but: int | None = None,
) -> None:
    if project.started_on and day < project.started_on:
        raise Invalid(_("Work on this project began on %(start)s."), field="date", start=project.started_on)
    standing = Report.objects.filter(Q(day=day) | Q(share__isnull=False), project=project, stage=stage, void=False)
    last = standing.exclude(pk=but).filter(day__lte=day).order_by("-day", "-pk").values_list("day", "share").first()
    if last is None:
        return
    told, before = last
    if told == day:
        raise Conflict(_("There is already a report of this stage for %(day)s. Correct that one."), day=day)
    if share is not None and before is not None and share < before and not remark:
        raise Invalid(
            _("%(share)s%% is less than the %(before)s%% of %(day)s. Correct that report, or say why in a remark."),
            field="share", share=share, before=before, day=told,
        )  # fmt: skip


def correct_report(*, actor: Actor, at: datetime, report: Report, values: Mapping[str, Any]) -> bool:
    """Correct a report's raw ``values``; board, curve and figures follow. False when nothing differs."""
    require(actor, "projects.correct")
    if report.void:
        raise Conflict(_("This record has been withdrawn."))
    with act(actor, at):
        activity = report.activity
        cleaned = clean_values(activity.kind, values, actor, partial=True)
        stage = find_stage(report.project, cleaned["stage"]) if "stage" in cleaned else report.stage
        if {"share", "count"} & cleaned.keys():
            cleaned["share"] = share_of(stage, cleaned)
        share = cleaned.get("share", report.share)
        day = cleaned.get("date") or report.day
        remark = cleaned.get("remark") or "corrected"
        _check(report.project, stage, day, share, remark=remark, but=report.pk)
        changed = correct_activity(actor=actor, at=at, activity=activity, values=cleaned, right="projects.correct")
        Report.objects.filter(pk=report.pk).update(
            stage=stage, day=day, share=share, crew=cleaned.get("crew", report.crew)
        )
        report.refresh_from_db()
        return changed


def withdraw_report(*, actor: Actor, at: datetime, report: Report, reason: str) -> None:
    """Take a report back: it stays readable and counts nowhere, not on the board either."""
    require(actor, "projects.withdraw")
    with act(actor, at):
        withdraw(actor=actor, at=at, activity=report.activity, reason=reason, right="projects.withdraw")
        Report.objects.filter(pk=report.pk).update(void=True)
        report.void = True
