"""A document's life: draft, check, signature, number and issue, archive. Each step is a conditional update."""

import re
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid, Refused
from zijing.core.worktime import day_of
from zijing.documents import owing
from zijing.documents.access import MOVES, is_drafter
from zijing.documents.composing import Composed, compose
from zijing.documents.freezing import digest_of, frozen, orders, quoted, setting_of
from zijing.documents.models import Document, Quoted, Recipient, Series, Stage, Step
from zijing.documents.source import Paragraph
from zijing.documents.words import reply_by
from zijing.journal.acting import Act, act
from zijing.journal.models import ChainHead
from zijing.people.access import Actor, require, require_office

# What a template leaves to its writer stands in 【】; a word the document does not know stays in braces.
TO_WRITE = re.compile(r"【[^】]*】|\{\{[^}]*\}\}")


def submit(*, actor: Actor, at: datetime, document: Document, seen: int) -> None:
    """Hand a draft in for checking: its numbers are looked up once more, and frozen with the records behind them.

    Whoever hands in what the clock drafted answers for it as its drafter: another checks and signs.

    ``Invalid`` when nothing is left to say because no number has data.
    """
    _may(actor, document, "submit")
    if document.revision != seen:
        raise _moved()
    with act(actor, at) as a:
        setting = setting_of(document, actor, at)
        composed = compose(document.text, setting, language=document.language)
        _refuse_unfinished(document, composed)
        said = list(dict.fromkeys(n for s in composed.sentences if s.kept for n in s.numbers))
        content, numbers = frozen(composed, orders(said)), quoted(document, said, setting)
        head = ChainHead.objects.filter(office=document.office_id).first()
        _move(
            a, document, "submit", content=content, revision=seen + 1,
            digest=digest_of(document.title, content, numbers), journal_seq=head.seq if head else 0,
            reply_by=reply_by(document, at), drafted_by_id=document.drafted_by_id or actor.post_id,
        )  # fmt: skip
        Quoted.objects.bulk_create(numbers)


def _refuse_unfinished(document: Document, composed: Composed) -> None:
    if not composed.blocks:
        raise Invalid(_("There is nothing to print: no number of the text has data."), field="text")
    lines = [document.title, *("".join(r.text for r in b.runs) for b in composed.blocks if isinstance(b, Paragraph))]
    open_ = next((found[0] for line in lines if (found := TO_WRITE.search(line))), "")
    if open_:
        raise Invalid(_("Still to be written: %(what)s"), field="text", what=open_[:80])


def check(*, actor: Actor, at: datetime, document: Document) -> None:
    """Checked by another than who drafted it (核稿): it goes to who signs."""
    _may(actor, document, "check")
    with act(actor, at) as a:
        _move(a, document, "check", checked_by_id=actor.post_id)


def send_back(*, actor: Actor, at: datetime, document: Document, reason: str) -> None:
    """Back to the draft, with a reason; its numbers are free again."""
    _may(actor, document, "send_back", reason)
    with act(actor, at) as a:
        _move(
            a, document, "send_back", reason=reason, content={}, digest="", journal_seq=0,
            checked_by_id=None, reply_by=None,
        )  # fmt: skip
        document.numbers.all().delete()


def sign(*, actor: Actor, at: datetime, document: Document) -> None:
    """Approved and signed by another than who drafted it (签发)."""
    _may(actor, document, "sign")
    with act(actor, at) as a:
        _move(a, document, "sign", signed_by_id=actor.post_id, signed_at=at)


def issue(*, actor: Actor, at: datetime, document: Document) -> None:
    """Number a signed document and send it out; what its recipients owe is kept with its deadline.

    The number is given in the same transaction: whoever comes second gets the next one, what fails takes none.
    """
    _may(actor, document, "issue")
    with act(actor, at) as a:
        year = day_of(at).year
        number = next_number(document.office_id, document.word, year)
        _move(a, document, "issue", year=year, number=number, issued_at=at)
        if document.reply_by:
            for recipient in document.recipients.filter(part=Recipient.Part.MAIN).select_related("unit__place"):
                recipient.document = document
                owing.owe(actor, at, recipient)


def next_number(office: int, word: str, year: int) -> int:
    """Inside an act: the next number of an office's documents with a word in a year."""
    mine = Series.objects.get_or_create(office_id=office, word=word, year=year)[0]
    Series.objects.filter(pk=mine.pk).update(last=F("last") + 1)
    return Series.objects.values_list("last", flat=True).get(pk=mine.pk)


def archive(*, actor: Actor, at: datetime, document: Document) -> None:
    """Put away a document whose replies are all in (归档). ``Conflict`` while one is owed."""
    _may(actor, document, "archive")
    owed = document.recipients.filter(part=Recipient.Part.MAIN, replied_at=None)
    if document.reply_by and (first := owed.select_related("unit").first()):
        raise Conflict(_("%(unit)s has not replied yet."), unit=str(first.unit))
    with act(actor, at) as a:
        _move(a, document, "archive")


def void(*, actor: Actor, at: datetime, document: Document, reason: str) -> None:
    """Take back an issued document, with a reason. It keeps its number, and nothing is owed for it any more."""
    _may(actor, document, "void", reason)
    with act(actor, at) as a:
        _move(a, document, "void", reason=reason)
        for recipient in document.recipients.exclude(owed_id=None).filter(replied_at=None):
            owing.settle(actor, at, recipient)


def drop(*, actor: Actor, at: datetime, document: Document, reason: str) -> None:
    """Give up a draft, with a reason; it never had a number."""
    _may(actor, document, "drop", reason)
    with act(actor, at) as a:
        _move(a, document, "drop", reason=reason)


def _may(actor: Actor, document: Document, verb: str, reason: str = "") -> None:
    """Refuse whoever may not take a step, or takes one without the reason it asks for."""
    move = MOVES[verb]
    require_office(actor, document.office_id)
    require(actor, move.rights.get(Stage(document.stage)) or next(iter(move.rights.values())))
    if move.others and is_drafter(actor, document):
        raise Refused(_("Somebody else than who drafted a document checks and signs it."))
    if move.reasoned and not reason.strip():
        raise Invalid(_("Say why."), field="reason")


def _moved() -> Conflict:
    return Conflict(_("Someone has changed this document meanwhile. Reload to see it, then decide again."))


def _move(a: Act, document: Document, verb: str, *, reason: str = "", **changes: Any) -> None:
    """The one place where a document's stage changes."""
    actor: Any = a.actor
    source, move = Stage(document.stage), MOVES[verb]
    if source not in move.rights:
        raise _moved()
    standing = Document.objects.filter(pk=document.pk, stage=source, revision=document.revision)
    changes.setdefault("revision", document.revision + 1)
    if not standing.update(stage=move.target, **changes):
        raise _moved()
    for name, value in {"stage": move.target, **changes}.items():
        setattr(document, name, value)
    Step.objects.create(
        document=document, verb=verb, from_stage=source, to_stage=move.target, post_id=actor.post_id, at=a.at,
        reason=reason.strip()[:500],
    )  # fmt: skip
    told = {name: [None, changes[name]] for name in ("year", "number", "digest") if changes.get(name)}
    if verb == "issue":
        told["units"] = [None, sorted(document.recipients.values_list("unit", flat=True))]
    a.record(f"documents.{verb}", document, {"stage": [source, move.target], **told})
