"""What a document costs whoever writes it: blanks to write, numbers looked up, minutes, and what is made of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Missing
from zijing.core.worktime import day_of
from zijing.documents.models import Document, Recipient, Template
from zijing.documents.placeholders import wishes
from zijing.documents.queries import templates
from zijing.figures.burden import LATELY
from zijing.people.access import Actor
from zijing.records.filling import median_of, times_of_papers

BLANK = re.compile(r"【[^】]*】")


@dataclass(frozen=True)
class PaperBurden:
    """What one form of documents costs and is used for, over the last thirty days.

    ``asked``: the blanks its writer fills; ``derived``: the places that are looked up; ``filled``: how often its words
    were changed on a page, as measured there, ``seconds`` the median; ``begun``, ``issued``: documents; ``answered``:
    receipts and replies to what was issued.
    """

    template: Template
    asked: int
    derived: int
    filled: int
    seconds: Decimal | None
    begun: int
    issued: int
    answered: int

    @property
    def minutes(self) -> Decimal | None:
        """Minutes of work in the thirty days: the median times how often it was written in."""
        return None if self.seconds is None else self.seconds * self.filled / 60


def paper_of(actor: Actor, key: str) -> str:
    """The key of a form of documents within sight; ``Missing`` where there is none."""
    if not Template.objects.visible_to(actor).filter(key=key).exists():
        raise Missing(_("There is no such form."))
    return key


def paper_burdens(actor: Actor, at: datetime, packs: Iterable[str] | None = None) -> list[PaperBurden]:
    """Each form the office writes by (``packs`` as in ``templates``), with what it costs, within the reader's sight."""
    since = at - LATELY
    times, made, answers = times_of_papers(actor, day_of(since)), _made(actor, since), _answers(actor, since)
    found = []
    for one in templates(actor, whole=True, packs=packs):
        begun, issued = made.get(one.key, (0, 0))
        spent = times[one.key]
        found.append(
            PaperBurden(
                one, len(BLANK.findall(one.text_zh)), len(wishes(one.text_zh)), sum(spent.values()), median_of(spent),
                begun, issued, answers.get(one.key, 0),
            )
        )  # fmt: skip
    return found


def _made(actor: Actor, since: datetime) -> dict[str, tuple[int, int]]:
    """How many documents of each form were begun and issued."""
    written = Document.objects.visible_to(actor).filter(office=actor.office_id).order_by()
    counted = written.values("template__key").annotate(
        begun=Count("pk", filter=Q(drafted_at__gt=since)), issued=Count("pk", filter=Q(issued_at__gt=since))
    )
    return {row["template__key"]: (row["begun"], row["issued"]) for row in counted}


def _answers(actor: Actor, since: datetime) -> dict[str, int]:
    """How many units confirmed or answered documents of each form."""
    rows = Recipient.objects.visible_to(actor).filter(document__office=actor.office_id)
    lately = rows.filter(Q(received_at__gt=since) | Q(replied_at__gt=since)).order_by()
    return dict(lately.values_list("document__template__key").annotate(n=Count("pk")))
