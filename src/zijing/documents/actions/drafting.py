"""Verbs on drafts: begin one from a template, change its words. Its numbers are looked up, never typed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid, Refused
from zijing.core.worktime import day_of
from zijing.documents.about import addressees, fits
from zijing.documents.composing import compose, understand
from zijing.documents.freezing import setting_of
from zijing.documents.models import Document, Recipient, Stage, Template
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.people.models import Unit
from zijing.places.models import Place
from zijing.records.models import Record

LONGEST_TITLE = 200
FIELDS = {"addressed_to": 300, "copies_to": 300, "note": 200, "urgency": 10, "secrecy": 20}
URGENCIES = ("", "特急", "加急")
SECRECIES = ("", "内部")


@dataclass(frozen=True)
class Wanted:
    """What a drafter says of a document beside its text; None leaves it as it stands."""

    title: str | None = None
    text: str | None = None
    recipients: Sequence[Unit] | None = None
    copies: Sequence[Unit] | None = None
    reply_days: int | None = None
    addressed_to: str | None = None
    copies_to: str | None = None
    note: str | None = None
    urgency: str | None = None
    secrecy: str | None = None
    sealed: bool | None = None


def draft(
    *, actor: Actor, at: datetime, template: Template, place: Place, since: date | None, until: date | None,
    client_id: UUID, wanted: Wanted = Wanted(), about: Record | None = None, language: str = "zh-hans",
) -> Document:  # fmt: skip
    """Begin a document from a template for a place and a period; the same ``client_id`` again returns it.

    A document ``about`` a record is for the units that answer for it, unless ``wanted`` says whom it is for.

    ``Refused`` unless the actor sees everything below the place, since its numbers are the whole place's; ``Invalid``
    for a period that is not over (a running one is spoken of up to today) or a text that is not understood.
    """
    require(actor, "documents.write")
    if not actor.path or not place.path.startswith(actor.path):
        raise Refused(_("You can write about a place only if you see all its records."))
    _check_days(template, since, until, day_of(at))
    if about and not fits(template, about.kind):
        raise Invalid(_("This form is not for records of this kind."), field="subject")
    with act(actor, at) as a:
        if twin := Document.objects.filter(client_id=client_id, office=actor.office_id).first():
            return twin
        office = Place.objects.get(pk=actor.office_id)
        document = Document(
            office=office, path=place.path, template=template,
            template_version=template.version, sort=template.sort, layout=template.layout, language=language,
            title=template.heading(language), text=template.text(language), place=place, since=since, until=until,
            word=template.word.replace("{}", office.name[:1]), sealed=template.sealed, upward=template.upward,
            reply_days=template.reply_days, about_type=about._meta.label_lower if about else "",
            about_id=about.pk if about else None,
            drafted_by_id=actor.post_id, drafted_at=at, client_id=client_id,
        )  # fmt: skip
        wanted = _proposed(wanted, about, day_of(at), "：" if language.startswith("zh") else ":")
        _fill(document, actor, at, wanted)
        document.save()
        _address(document, wanted)
        a.record("documents.draft", document, {"stage": [None, Stage.DRAFT], "template": [None, template.key]})
        return document


def _proposed(wanted: Wanted, record: Record | None, day: date, colon: str) -> Wanted:
    if record is None or wanted.recipients is not None:
        return wanted
    units = addressees(record, day)
    named = "、".join(str(u) for u in units) + colon if units else ""
    return replace(wanted, recipients=units, addressed_to=named if wanted.addressed_to is None else wanted.addressed_to)


def _check_days(template: Template, since: date | None, until: date | None, today: date) -> None:
    if template.step and (since is None or until is None):
        raise Invalid(_("Say which days this document speaks of."), field="period")
    if since and until and until < since:
        raise Invalid(_("A period ends after it begins."), field="period")
    if until and until > today:
        raise Invalid(_("%(day)s is not over yet; a document speaks of days up to today."), field="period", day=until)


def edit(*, actor: Actor, at: datetime, document: Document, seen: int, wanted: Wanted) -> None:
    """Change a draft's words and whom it is for. ``Conflict`` when it changed since revision ``seen`` or moved on."""
    require(actor, "documents.write")
    with act(actor, at) as a:
        mine = Document.objects.filter(pk=document.pk, office=actor.office_id, stage=Stage.DRAFT, revision=seen)
        if not mine.update(revision=seen + 1):
            raise Conflict(_("Someone has changed this document meanwhile. Reload to see it, then decide again."))
        document.revision = seen + 1
        _fill(document, actor, at, wanted)
        document.save(update_fields=["title", "text", "reply_days", "sealed", *FIELDS])
        _address(document, wanted)
        a.record("documents.edit", document, {"revision": [seen, seen + 1]})


def _fill(document: Document, actor: Actor, at: datetime, wanted: Wanted) -> None:
    if wanted.title is not None:
        document.title = wanted.title
    if wanted.text is not None:
        document.text = wanted.text.replace("\r\n", "\n")
    for name in ("reply_days", "sealed", *FIELDS):
        if (value := getattr(wanted, name)) is not None:
            setattr(document, name, value.strip() if isinstance(value, str) else value)
    _check(document)
    setting = setting_of(document, actor, at)
    document.title = _one_line(compose(document.title, setting, language=document.language).blocks)
    if not 0 < len(document.title) <= LONGEST_TITLE:
        raise Invalid(_("Give the document a title of at most %(max)s characters."), field="title", max=LONGEST_TITLE)
    understand(document.text, setting)


def _one_line(blocks: Any) -> str:
    return " ".join("".join(r.text for r in b.runs) for b in blocks if hasattr(b, "runs")).strip()


def _check(document: Document) -> None:
    if not 0 <= document.reply_days <= 250:
        raise Invalid(_("Give between 0 and 250 working days for a reply."), field="reply_days")
    if document.urgency not in URGENCIES:
        raise Invalid(_("Urgency is one of: %(known)s."), field="urgency", known=", ".join(filter(None, URGENCIES)))
    # What is a state secret does not belong into this system (保守国家秘密法 第三十条).
    if document.secrecy not in SECRECIES:
        raise Invalid(_("State secrets are not kept here; only “内部” may be said."), field="secrecy")
    for name, longest in FIELDS.items():
        if len(getattr(document, name)) > longest:
            raise Invalid(_("At most %(max)d characters."), field=name, max=longest)


def _address(document: Document, wanted: Wanted) -> None:
    for part, units in ((Recipient.Part.MAIN, wanted.recipients), (Recipient.Part.COPY, wanted.copies)):
        if units is None:
            continue
        document.recipients.filter(part=part).exclude(unit__in=units).delete()
        standing = set(document.recipients.values_list("unit_id", flat=True))
        fresh = {u.pk: u for u in units if u.pk not in standing}
        Recipient.objects.bulk_create(Recipient(document=document, unit=u, part=part) for u in fresh.values())
