"""The year-end report: the office's own template of it, composed, with what it does not speak of."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from zijing.commitments.coverage import Coverage, coverage
from zijing.core.errors import Invalid, Missing
from zijing.core.worktime import day_of
from zijing.documents.answers import Setting
from zijing.documents.composing import Composed, Sentence, compose
from zijing.documents.freezing import setting_of
from zijing.documents.models import Document, Sort, Stage, Template
from zijing.documents.naming import issuer_of
from zijing.documents.source import Official
from zijing.documents.telling import told
from zijing.packs.models import Adoption
from zijing.people.access import Actor, require
from zijing.places.models import Place

YEARS = (1978, 2100)


@dataclass(frozen=True)
class YearReport:
    """A year's report as the records stand: composed, and which promises it speaks of."""

    template: Template
    office: Place
    year: int
    since: date
    until: date
    title: str
    composed: Composed
    setting: Setting
    language: str

    @cached_property
    def coverage(self) -> Coverage:
        """Which promises of the year are reported by a number, which by what was stated, and which are missing."""
        return coverage(self.setting.actor, self.year, self.composed, self.setting)

    @property
    def left_out(self) -> list[Sentence]:
        """The sentences without data, which are not printed."""
        return [s for s in self.composed.sentences if not s.kept]

    @property
    def sentences(self) -> list[dict[str, Any]]:
        """The report as programs read it."""
        return told(self.composed)

    def official(self, site: str) -> Official:
        """The report as it is laid out; its numbers open below ``site``."""
        return Official(
            layout="report", title=self.title, body=self.composed.blocks, issuer=issuer_of(self.office),
            dated=day_of(self.setting.at), sealed=False, language=self.language, site=site,
        )  # fmt: skip


def year_template(actor: Actor) -> Template:
    """The template by which the actor's office reports a year: its own version first, else that of its packs.

    ``Missing`` when no pack of the office has one.
    """
    packs = list(Adoption.objects.visible_to(actor).filter(office=actor.office_id).values_list("pack__key", flat=True))
    yearly = Template.objects.visible_to(actor).filter(sort=Sort.REPORT, step="year", pack__in=packs)
    found = sorted(yearly, key=lambda t: (t.office_id is None, t.key))
    if not found:
        raise Missing(_("No pack of the office describes its year-end report. Apply one that does."))
    return found[0]


def drafts_of(report: YearReport) -> list[Document]:
    """The documents that were begun by the report's form for its year, within the reader's sight; the newest first."""
    begun = Document.objects.visible_to(report.setting.actor).filter(office=report.office, since=report.since)
    return list(begun.filter(template__key=report.template.key).exclude(stage=Stage.VOID).order_by("-pk"))


def year_report(*, actor: Actor, at: datetime, year: int, language: str = "zh-hans") -> YearReport:
    """The actor's office's report of a year; of the running one up to today.

    ``Invalid`` for a year that has not begun or text that is not understood; ``Refused`` without the right to read
    documents; ``Missing`` without a template.
    """
    require(actor, "documents.read")
    today = day_of(at)
    if not YEARS[0] <= year <= today.year:
        raise Invalid(_("%(year)s is no year that can be reported on yet."), field="year", year=year)
    template, office = year_template(actor), Place.objects.get(pk=actor.office_id)
    language = language if template.text_en else "zh-hans"
    since, until = date(year, 1, 1), min(date(year, 12, 31), today)
    paper = Document(
        office=office, place=office, path=office.path, template=template, sort=template.sort, layout=template.layout,
        language=language, since=since, until=until, drafted_at=at, client_id=uuid4(),
    )  # fmt: skip
    setting = setting_of(paper, actor, at)
    text, heading = template.text(language), template.heading(language)
    title = "".join(r.text for b in compose(heading, setting, language=language).blocks for r in getattr(b, "runs", ()))
    composed = compose(text, setting, language=language)
    return YearReport(template, office, year, since, until, title, composed, setting, language)
