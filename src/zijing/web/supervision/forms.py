"""What stands on leaders' lists as pages show it, and the forms to list, to report and to strike off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from zijing.cases.models import Case, Supervision
from zijing.cases.supervision import (
    Answering,
    answering,
    is_listable,
    listings,
    may_report,
    may_strike_off,
    names_answering,
    own_level,
)
from zijing.commitments.models import Commitment
from zijing.people.access import Actor
from zijing.records.models import Record
from zijing.web.cases.doing import NOT_REFUSED, WHY, Asked, Doing, Refusal
from zijing.web.records.picking import Option
from zijing.web.templatetags.zijing import full_day

INTERNAL, PUBLIC = "internal", "public"


@dataclass(frozen=True)
class OnList:
    """What stands on a list, with what is said of its last day and its reports, and what the reader may do."""

    one: Supervision
    late: bool
    reporting: str
    missed: str
    forms: tuple[Doing, ...] = ()
    who: str = ""

    @property
    def title(self) -> str:
        """What it is called among others: a commitment with what it was promised for."""
        subject = self.one.subject
        of = subject.subject if isinstance(subject, Commitment) else None
        return gettext("%(what)s: %(title)s") % {"what": of, "title": subject} if of else str(subject)


def shown(listed: Supervision, today: date) -> OnList:
    """A listing in words."""
    return OnList(listed, listed.until < today, reporting_in_words(listed, today), missed_in_words(listed, today))


def all_shown(listed: Sequence[Supervision], today: date) -> list[OnList]:
    """Listings in words, each with the names of who answers."""
    who = names_answering([one.subject for one in listed], today)
    return [replace(shown(one, today), who=gettext(", ").join(who[one.subject])) for one in listed]


def reporting_in_words(listed: Supervision, today: date) -> str:
    """How often reports are due and by when the next; "" where none is."""
    due = listed.due_on(today)
    if due is None or not listed.every:
        return ""
    every = ngettext("a report every day", "a report every %(n)s days", listed.every) % {"n": listed.every}
    return gettext("%(every)s, the next by %(day)s") % {"every": every, "day": full_day(due)}


def missed_in_words(listed: Supervision, today: date) -> str:
    """How many reports never came, and when the last of them was due; "" where none is missing."""
    missed = listed.missed(today)
    if not missed:
        return ""
    text = ngettext("%(n)s report missing, due %(day)s", "%(n)s reports missing, the last due %(day)s", len(missed))
    return text % {"n": len(missed), "day": full_day(missed[-1])}


def on_lists(record: Record, actor: Actor, today: date, refused: Refusal = NOT_REFUSED) -> dict[str, Any]:
    """What a record's page shows of lists: where it stands, where it stood, and the form to put it on one."""
    if not is_listable(record):
        return {}
    found = listings(record)
    standing = [one for one in found if one.struck_off_at is None]
    answers = answering([record], today)[record] if any(one.every for one in standing) else Answering()

    def forms(one: Supervision) -> tuple[Doing, ...]:
        offered = (reporting(one, actor, answers), striking_off(one, actor))
        return tuple(form.given_back(refused) for form in offered if form)

    put = putting(record, actor)
    return {
        "listed": [replace(shown(one, today), forms=forms(one)) for one in standing],
        "struck": [one for one in found if one.struck_off_at is not None],
        "put_on_list": put and put.given_back(refused),
    }


def putting(record: Record, actor: Actor) -> Doing | None:
    """How a record is put on the list of the reader's level, if the reader may."""
    if record.closed_at or not actor.may("cases.supervise"):
        return None
    level = own_level(actor)
    asks = [
        Asked("until", _("Until"), "date"),
        Asked("every", _("A report every so many days; empty for none"), "number", most=366, required=False),
        WHY,
    ]
    if not record.kind.restricted:
        who = [Option(INTERNAL, gettext("those who see it")), Option(PUBLIC, gettext("everybody, on the wall"))]
        asks.insert(2, Asked("shown", _("Shown to"), "choice", options=who, value=INTERNAL))
    return Doing(
        "supervise", _("Put on a supervision list"), (("", _("Put on the list")),), tuple(asks),
        {"level": level.value}, icon="flag", note=level.label, action=_action(record, "supervise"),
    )  # fmt: skip


def reporting(listed: Supervision, actor: Actor, answers: Answering) -> Doing | None:
    """How the reader reports on what is listed, if it answers for it."""
    if not may_report(actor, listed, answers):
        return None
    send = _("Report how it goes")
    return Doing(
        "progress", send, (("", send),), (Asked("reason", _("How it goes"), most=500),),
        {"supervision": str(listed.pk)}, folded=False, action=_action(listed.subject, "progress"),
    )  # fmt: skip


def striking_off(listed: Supervision, actor: Actor) -> Doing | None:
    """How it is struck off a list, if the reader may."""
    if not may_strike_off(actor, listed):
        return None
    off = _("Strike off the list")
    return Doing(
        "strike-off", off, (("", off),), (WHY,), {"supervision": str(listed.pk)}, quiet=True,
        action=_action(listed.subject, "strike-off"),
    )  # fmt: skip


def _action(record: Record, verb: str) -> str:
    """Where a form is sent: a case's to the steps of the case."""
    noun = record.kind.noun
    return "" if isinstance(record, Case) else reverse("supervision-step", args=(noun, record.pk, verb))
