"""What is read of papers: a page of drafts beside the passage of text they stand in; what people changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q

from zijing.commitments.models import Commitment, Draft, Paper
from zijing.commitments.reading.reasons import in_words
from zijing.people.access import Actor
from zijing.people.models import Post, Unit

SIZE = 50
AROUND = 300
CHOICE = 500
"""How many drafts are chosen by one press."""


@dataclass(frozen=True)
class Piece:
    """A piece of the shown text; ``drafts`` are those that stand on it, ``begins`` those that begin with it."""

    text: str
    drafts: list[int]
    begins: list[int]


@dataclass(frozen=True)
class Card:
    """A draft with the passage it was read from; ``answers``: the unit of the office its text names, to be offered."""

    draft: Draft
    quote: str
    reason: str
    answers: Unit | None = None


@dataclass(frozen=True)
class Answerers:
    """The units of an office by their own names and by the titles of their posts."""

    units: dict[str, Unit]
    posts: dict[str, Unit]

    @classmethod
    def of(cls, actor: Actor) -> "Answerers":
        units = leads(actor)
        by_pk = {u.pk: u for u in units}
        posts = Post.objects.visible_to(actor).filter(office=actor.office_id).values_list("title", "unit_id")
        return cls({u.name: u for u in units}, {t: by_pk[pk] for t, pk in posts.order_by("pk") if pk in by_pk})

    def named(self, owner: str) -> Unit | None:
        """The one unit that a text names first (城管办、执法中队); None when none or several could be meant."""
        said = re.split("[、，,；;/和 ]", owner.removeprefix("由").strip())[0]
        if len(said) < 2:
            return None
        for known in (self.units, self.posts):
            if said in known:
                return known[said]
        alike = {u.pk: u for name, u in self.units.items() if name.endswith(said) or said.endswith(name)}
        return next(iter(alike.values())) if len(alike) == 1 else None


@dataclass(frozen=True)
class DraftPage:
    """Some drafts of a paper, the text around them, and the mark of the next page (0 on the last)."""

    cards: list[Card]
    pieces: list[Piece]
    after: int
    open: int
    all: int


def papers(actor: Actor) -> "list[Any]":
    """The papers of the office, the newest first, with how many drafts wait."""
    waiting = Count("drafts", filter=Q(drafts__state=Draft.State.OPEN))
    return list(
        Paper.objects.visible_to(actor)
        .defer("text")
        .annotate(waiting=waiting, total=Count("drafts"))
        .order_by("-pk")[:50]
    )


def draft_page(actor: Actor, paper: Paper, *, after: int = 0, every: bool = False) -> DraftPage:
    """A page of the drafts of a paper in the order they were read: those to decide, or ``every`` one."""
    mine = Draft.objects.visible_to(actor).filter(paper=paper)
    counts = mine.aggregate(open=Count("pk", filter=Q(state=Draft.State.OPEN)), all=Count("pk"))
    shown = mine if every else mine.filter(state=Draft.State.OPEN)
    found = list(shown.filter(pk__gt=after).order_by("pk")[: SIZE + 1])
    page = found[:SIZE]
    own = Answerers.of(actor) if any(d.owner for d in page) else None
    cards = [
        Card(d, paper.text[d.start : d.end], in_words(d.reasons.split()), own.named(d.owner) if own else None)
        for d in page
    ]
    return DraftPage(cards, list(_pieces(paper.text, page)), page[-1].pk if len(found) > SIZE else 0, **counts)


def waiting(actor: Actor, paper: Paper, *, firm: bool) -> list[tuple[int, int]]:
    """The drafts of a paper to decide on with their revisions: all, or the ``firm`` ones; at most ``CHOICE``."""
    mine = Draft.objects.visible_to(actor).filter(paper=paper, state=Draft.State.OPEN)
    found = mine.filter(strength="hard") if firm else mine
    return list(found.order_by("pk").values_list("pk", "revision")[:CHOICE])


def _pieces(text: str, drafts: list[Draft]) -> Iterator[Piece]:
    """The text around these drafts, cut where one begins or ends."""
    if not drafts:
        yield Piece(text[: 10 * AROUND], [], [])
        return
    begin = max(0, min(d.start for d in drafts) - AROUND)
    end = min(len(text), max(d.end for d in drafts) + AROUND)
    edges = sorted({begin, end, *(d.start for d in drafts), *(d.end for d in drafts)})
    for a, b in pairwise(edges):
        on = [d for d in drafts if d.start <= a and b <= d.end]
        yield Piece(text[a:b], [d.pk for d in on], [d.pk for d in on if d.start == a])


def changed(actor: Actor) -> Iterator[dict[str, Any]]:
    """What people made of what the reader found: accepted as it was, changed, merged, dropped. To improve the rules."""
    decided = Draft.objects.visible_to(actor).select_related("paper").exclude(state=Draft.State.OPEN, revision=0)
    for d in decided.order_by("pk").iterator():
        now = {"title": d.title, "object": d.object, "quantity": str(d.quantity) if d.quantity is not None else None,
               "unit": d.unit, "bound": d.bound, "deadline": str(d.deadline) if d.deadline else None,
               "recurrence": d.recurrence, "owner": d.owner, "kind": d.sort, "family": d.family}  # fmt: skip
        yield {"quote": d.paper.text[d.start : d.end], "state": d.state, "found": d.found, "kept": now}


def leads(actor: Actor) -> list[Unit]:
    """The units of the office that may answer for what is accepted."""
    return list(Unit.objects.visible_to(actor).filter(office=actor.office_id).order_by("code"))


def plans(actor: Actor) -> list[Commitment]:
    """The standing goals and plans of the office under which drafts may be accepted."""
    mine = Commitment.objects.visible_to(actor).filter(kind__key="goal", closed_at=None, office=actor.office_id)
    return list(mine.order_by("lineage")[:200])
