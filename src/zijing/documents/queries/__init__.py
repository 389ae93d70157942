"""Reads of documents: lists by what is to be done, one document with what may be done to it, what it prints."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Missing
from zijing.core.worktime import day_of
from zijing.documents.composing import compose
from zijing.documents.freezing import setting_of, thawed
from zijing.documents.models import Document, Quoted, Recipient, Stage, Step, Template
from zijing.documents.naming import issuer_of, mark_of, number_of
from zijing.documents.queries.waiting import RECEIVE, REPLY, awaiting
from zijing.documents.source import Block, Official
from zijing.people.access import Actor

LISTED = 100
TABS = ("todo", "working", "issued", "received")


def documents(actor: Actor, tab: str) -> "QuerySet[Document]":
    """Documents within sight by what one looks for: to do, being worked on, issued, received by the own unit."""
    rows = Document.objects.visible_to(actor).select_related("place", "office", "drafted_by")
    rows = rows.defer("text", "content")
    match tab:
        case "todo":
            rows = rows.filter(awaiting(actor))
        case "working":
            rows = rows.filter(number=None, office=actor.office_id).exclude(stage=Stage.VOID)
        case "received":
            rows = rows.filter(recipients__unit=actor.unit_id, number__isnull=False)
        case _:
            rows = rows.filter(number__isnull=False)
    return rows.order_by("-pk")


def document_of(actor: Actor, pk: int) -> Document:
    """A document within sight; ``Missing`` otherwise."""
    rows = Document.objects.visible_to(actor).select_related(
        "office", "place", "template", "drafted_by", "checked_by", "signed_by"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is no such document within your sight."))
    return found


def recipients_of(document: Document) -> list[Recipient]:
    """Whom a document is for, main recipients first."""
    rows = document.recipients.select_related("unit", "received_by", "replied_by")
    return sorted(rows, key=lambda r: (r.part != Recipient.Part.MAIN, r.pk))


def answers_of(document: Document, mine: Recipient) -> list[str]:
    """What a recipient still has to do with a document: confirm the receipt, reply."""
    if document.stage != Stage.ISSUED:
        return []
    owes = mine.part == Recipient.Part.MAIN and document.reply_by is not None and mine.replied_at is None
    return [*([RECEIVE] if mine.received_at is None else []), *([REPLY] if owes else [])]


def history_of(document: Document) -> list[Step]:
    """The steps of a document's life, the newest first."""
    return list(document.steps.select_related("post").order_by("-pk"))


def number_in(actor: Actor, pk: int, order: int) -> Quoted:
    """One printed number of a document within sight; ``Missing`` otherwise."""
    rows = Quoted.objects.filter(
        document__in=Document.objects.visible_to(actor).filter(pk=pk).values("pk"), order=order
    )
    found = rows.select_related("document__office", "document__place", "place").first()
    if found is None:
        raise Missing(_("This document prints no such number."))
    return found


def templates(actor: Actor, *, whole: bool = False, packs: Iterable[str] | None = None) -> list[Template]:
    """The forms an office writes by: its own version where it has one, else the pack's; their texts if ``whole``.

    With ``packs`` only forms of these, and those of which it has its own version.
    """
    rows = Template.objects.visible_to(actor).order_by("pack", "pk")
    rows = rows if packs is None else rows.filter(Q(pack__in=packs) | Q(office=actor.office_id))
    rows = rows if whole else rows.defer("text_zh", "text_en")
    found = {t.key: t for t in sorted(rows, key=lambda t: t.office_id is not None)}
    return list(found.values())


@dataclass(frozen=True)
class Printed:
    """What a document prints, and the sentences left out because a number of theirs had no data."""

    blocks: tuple[Block, ...]
    left_out: list[tuple[str, str]]


def printed(document: Document, actor: Actor, at: datetime) -> Printed:
    """The frozen content; of a draft what would be printed now, with gaps marked."""
    if document.content:
        link = f"/documents/{document.pk}/numbers/"
        return Printed(thawed(document.content, link), [(s, t) for s, t in document.content["left_out"]])
    setting = setting_of(document, actor, at)
    composed = compose(document.text, setting, language=document.language, marked=True)
    return Printed(composed.blocks, [(s.section, s.text) for s in composed.sentences if not s.kept])


def official(document: Document, blocks: tuple[Block, ...], base: str = "") -> Official:
    """A document with the elements of GB/T 9704-2012; its links begin with ``base``."""
    office, dated = document.office.name, document.signed_at or document.drafted_at
    red = document.layout == "document"
    return Official(
        layout=document.layout, mark=mark_of(document), number=number_of(document),
        secrecy=document.secrecy, urgency=document.urgency, title=document.title,
        signed_by=str(document.signed_by) if document.upward and document.signed_by else "",
        addressed_to=document.addressed_to, body=blocks, site=base,
        issuer=issuer_of(document.office),
        dated=day_of(dated), sealed=document.sealed, note=document.note, copies_to=document.copies_to,
        printed_by=f"{office}党政办公室" if red else "", language=document.language,
        printed_on=day_of(document.issued_at) if document.issued_at and red else None,
    )  # fmt: skip
