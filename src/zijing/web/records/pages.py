"""The page of one record: its values, files, what is around it, and its history."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from zijing.commitments.models import Commitment, Statement
from zijing.figures.queries import records_of
from zijing.packs.entering import may_correct, right_of
from zijing.people.access import Actor
from zijing.projects.models import Report
from zijing.records.files import attachments_of
from zijing.records.history import history
from zijing.records.kinds import every_kind
from zijing.records.models import NOWHERE, Attachment, Kind, Noun, Record, in_language
from zijing.records.personal import looks_at
from zijing.records.tables import STANDING, UNLISTED, every_column, rows, stage_label
from zijing.registers.actions import RETIRED
from zijing.registers.models import Entry
from zijing.web.access import ActingRequest, acting
from zijing.web.cases.doing import NOT_REFUSED, Refusal
from zijing.web.documents.about import papers_about
from zijing.web.home.signing import safe_next
from zijing.web.records.lists import list_address, with_stage_names
from zijing.web.records.nouns import PROJECT, address, record_of
from zijing.web.supervision.forms import on_lists

DAILY = "daily-report"


@dataclass(frozen=True)
class Fact:
    """A value of a record with its name."""

    label: str
    text: str
    href: str = ""
    why: str = ""
    look: str = ""


@dataclass(frozen=True)
class Around:
    """How many records of a kind are about an entry, and the list of them."""

    title: str
    n: int
    href: str


@acting
def page(request: ActingRequest, noun: str, pk: int) -> HttpResponseBase:
    """One record."""
    if noun == Noun.CASE:
        return redirect("case", pk)
    standing = record_of(request.actor, noun, pk)
    if (kept := getattr(standing, "merged_into_id", None)) and "own" not in request.GET:
        return redirect("record", noun, kept)
    return show_record(request, standing)


def show_record(request: ActingRequest, standing: Record, refused: Refusal = NOT_REFUSED) -> HttpResponse:
    """The page of a record; after a refusal with what was typed and what is wrong with it."""
    context = {
        "record": standing,
        "kind": standing.kind,
        "heading": heading(standing),
        "facts": facts(standing, request.actor),
        "looks": looks_at(standing) if request.actor.may("journal.read") else [],
        "attachments": attachments_of(standing),
        "around": around(request.actor, standing) if standing.kind.noun == Noun.REGISTER else [],
        "statements": stated(standing),
        "happenings": history(standing),
        "report": report_of(request.actor, standing),
        "project_href": project_address(standing),
        **in_its_plan(request.actor, standing),
        "stage": "" if standing.stage == "open" else stage_label(standing.stage),
        "may_assign": request.actor.may("records.assign"),
        "may_edit": may_correct(request.actor, standing),
        **endings(request.actor, standing),
        "may_withdraw": standing.stage == "open" and request.actor.may("projects.withdraw"),
        "is_daily_report": standing.kind.key == DAILY,
        "cases": case_kinds(request.actor, standing),
        **on_lists(standing, request.actor, request.today, refused),
        **papers_about(standing, request.actor),
        "error": refused.error,
        "next": safe_next(request, ""),
    }
    return render(request, "records/record.html", context, status=refused.status)


def endings(actor: Actor, record: Record) -> dict[str, object]:
    """What the page offers and says about files, taking out of use, and doubles."""
    may_write = actor.may(right_of(record.kind))
    if not isinstance(record, Entry):
        return {"may_add": may_write and may_correct(actor, record), "parts": Attachment.Part.choices}
    return {
        "may_add": may_write and record.stage == STANDING,
        "parts": Attachment.Part.choices,
        "may_retire": may_write and record.stage == STANDING,
        "may_restore": may_write and record.stage == RETIRED,
        "because": record.ended_because,
        "kept": record.merged_into,
        "doubles": list(Entry.objects.visible_to(actor).filter(merged_into=record.pk).order_by("pk")),
    }


def heading(record: Record) -> str:
    """What a record is called; one whose kind gives it no title is named by what it is about and its day."""
    if any(f.column == "title" for f in record.kind.fields):
        return record.title
    parts = [str(record.subject) if getattr(record, "subject", None) else record.title]  # type: ignore[attr-defined]
    return " · ".join([*parts, record.happened_on.isoformat()] if record.happened_on else parts)


def facts(record: Record, actor: Actor, *, without: Collection[str] = ()) -> list[Fact]:
    """The values a record has, each with its name; references lead to what they name; ``without`` some columns.

    A personal value is masked; ``look`` names it for an actor who may look at it.
    """
    columns = [c for c in every_column(record.kind) if c.type != "file" and c.attribute not in without]
    table = rows(record.kind, [record], columns, address)
    cells = (with_stage_names(actor, columns, table) if record.kind.key == DAILY else table)[0].cells
    found = [
        Fact(
            c.title,
            cell.text,
            _href(record, c.attribute, cell.href),
            c.field.why if c.field and c.type in UNLISTED else "",
            c.key if c.field and c.field.personal and actor.may("personal.look") else "",
        )
        for c, cell in zip(columns, cells, strict=True)
        if cell.text
    ]
    if record.recorded_by:
        found.append(Fact(gettext("Recorded by"), record.recorded_by.title))
    return found


def _href(record: Record, attribute: str, href: str) -> str:
    """A record does not lead to itself; what it is about is shown on its own page."""
    if attribute == "title":
        return ""
    return (attribute == "subject_id" and project_address(record)) or href


def project_address(record: Record) -> str:
    """The project page of a project's entry, or of the project a record is about ("" otherwise)."""
    if record.kind.key == PROJECT:
        return reverse("project", args=[record.pk])
    subject = getattr(record, "subject", None)
    return reverse("project", args=[subject.pk]) if subject and subject.kind.key == PROJECT else ""


def in_its_plan(actor: Actor, record: Record) -> dict[str, str]:
    """Of a commitment: the plan it stands in, if that is within sight, and its steps where the actor may take one."""
    if not isinstance(record, Commitment):
        return {}
    rows = Commitment.objects.visible_to(actor)
    seen = bool(record.lineage) and actor.may("figures.read") and rows.filter(pk=record.root).exists()
    found = {"plan_href": reverse("plan", args=[record.root])} if seen else {}
    if actor.may("commitments.write") or actor.may("commitments.state"):
        found["change_href"] = reverse("plan-change", args=[record.pk])
    return found


def report_of(actor: Actor, record: Record) -> Report | None:
    """What a daily report says of its stage."""
    if record.kind.key != DAILY:
        return None
    return Report.objects.visible_to(actor).select_related("stage__milestone").filter(pk=record.pk).first()


def stated(record: Record) -> list[tuple[date, str, str, str]]:
    """What has been stated of a commitment: period, expected or actual, value with its unit, source."""
    if not isinstance(record, Commitment):
        return []
    target = next((c for c in every_column(record.kind) if c.attribute == "quantity"), None)
    return [
        (s.period, str(Statement.Status(s.status).label), target.show(s.value) if target else str(s.value), s.source)
        for s in record.statements.order_by("period", "status")
    ]


def around(actor: Actor, entry: Record) -> list[Around]:
    """What is recorded about an entry, by kind, within the actor's sight; one query for each noun."""
    found: list[Around] = []
    for noun in Noun.values:
        about = records_of(noun, actor).filter(subject=entry.pk).exclude(stage__in=NOWHERE)
        counted = about.order_by().values("kind__key", "kind__title_zh", "kind__title_en").annotate(n=Count("pk"))
        for row in counted.order_by("kind__key"):
            title = in_language(row["kind__title_zh"], row["kind__title_en"])
            found.append(Around(title, row["n"], list_address(row["kind__key"], [("subject", str(entry.pk))])))
    return found


def case_kinds(actor: Actor, record: Record) -> list[Kind]:
    """The kinds of case the actor may file about an entry from its page."""
    if record.kind.noun != Noun.REGISTER or not actor.may("cases.file"):
        return []
    kinds = sorted((k for k in every_kind().values() if k.noun == Noun.CASE), key=lambda k: k.key)
    fits = ("", record.kind.key)
    return [k for k in kinds if any(f.column == "subject" and f.kind in fits for f in k.fields)]
