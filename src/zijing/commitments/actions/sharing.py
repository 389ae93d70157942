"""Who answers for a commitment, and for how much of it (指标联责): a lead, those who share it, those who help.

Shares are percent. Lead and joint holders make up the hundred: as stated, else in equal parts; who assists has none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.commitments.models import Commitment
from zijing.core.errors import Invalid
from zijing.core.worktime import day_of
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.people.actions import assign
from zijing.people.models import Assignment, Post, Unit, in_force
from zijing.records.fields import ids_in
from zijing.records.models import Kind

LABEL = Commitment._meta.label_lower
LEAD, JOINT, ASSISTING = Assignment.Part.LEAD, Assignment.Part.JOINT, Assignment.Part.ASSISTING
LEAD_SHARE = "lead_share"


@dataclass(frozen=True)
class Holder:
    """A unit or post with its part in a commitment; ``share`` in percent, None for an equal part."""

    who: Unit | Post
    part: str = LEAD
    share: int | None = None


def shares(parts: Sequence[str], lead: int | None = None) -> list[int]:
    """The share of each holder by its part: leads divide ``lead`` percent, the joint ones the rest; whole numbers that
    sum to 100. Without ``lead``, or where there is no joint holder, all who answer have equal parts.
    """
    leads, joint = parts.count(LEAD), parts.count(JOINT)
    if lead is None or not leads or not joint:
        each = _divided(100, leads + joint)
        given = iter(each)
        return [next(given) if part in {LEAD, JOINT} else 0 for part in parts]
    for_leads, for_joint = iter(_divided(lead, leads)), iter(_divided(100 - lead, joint))
    return [next(for_leads) if part == LEAD else next(for_joint) if part == JOINT else 0 for part in parts]


def _divided(whole: int, among: int) -> list[int]:
    """Whole numbers that sum to ``whole``, the first ones larger by one where it does not divide."""
    if not among:
        return []
    each, rest = divmod(whole, among)
    return [each + (n < rest) for n in range(among)]


def holders_named(kind: Kind, commitment: Commitment) -> list[Holder]:
    """The holders that the fields of a commitment name, each with its share."""
    found: list[tuple[Unit | Post, str]] = []
    for part, keys in kind.parts.items():
        posts, units = (
            {pk for key in keys if kind.by_key[key].type == type_ for pk in ids_in(commitment.value(kind.by_key[key]))}
            for type_ in ("post", "unit")
        )
        found += [(p, part) for p in Post.objects.filter(pk__in=posts).order_by("code")] if posts else []
        found += [(u, part) for u in Unit.objects.filter(pk__in=units).order_by("code")] if units else []
    stated = commitment.fields.get(LEAD_SHARE)
    each = shares([part for _who, part in found], int(stated) if stated not in (None, "") else None)
    return [Holder(who, part, share) for (who, part), share in zip(found, each, strict=True)]


def share_out(actor: Actor, at: datetime, kind: Kind, commitment: Commitment) -> None:
    """Give the commitment to those its fields name; who is named no more answers no more."""
    give(actor, at, commitment, holders_named(kind, commitment), kind.parts)


def give(actor: Actor, at: datetime, c: Commitment, holders: Sequence[Holder], parts: Iterable[str]) -> None:
    """Make ``holders`` those who answer in these parts, with their shares."""
    for part in parts:
        mine = [h for h in holders if h.part == part]
        given = assign(actor=actor, at=at, subject=c, path=c.path, part=part, to=[h.who for h in mine])
        for holder, assignment in zip(mine, given, strict=True):
            if holder.share is not None and assignment.weight != holder.share:
                Assignment.objects.filter(pk=assignment.pk).update(weight=holder.share)


def share_new(actor: Actor, at: datetime, kind: Kind, new: Sequence[Commitment]) -> None:
    """Give new commitments to those their fields name: nobody holds them yet, so they are given in one statement."""
    named = [key for keys in kind.parts.values() for key in keys]
    wanted = [c for c in new if any(c.value(kind.by_key[key]) not in (None, "", []) for key in named)]
    if not wanted:
        return
    day, rows = day_of(at), list[Assignment]()
    with act(actor, at) as a:
        for c in wanted:
            for h in holders_named(kind, c):
                unit, post = (h.who.pk, None) if isinstance(h.who, Unit) else (None, h.who.pk)
                rows.append(
                    Assignment(
                        subject_type=LABEL, subject_id=c.pk, path=c.path, part=h.part, since=day,
                        weight=h.share or 0, unit_id=unit, post_id=post,
                    )
                )  # fmt: skip
                a.record("people.assign", c, {h.part: [None, {"unit": unit, "post": post}]})
        Assignment.objects.bulk_create(rows, batch_size=500)


def set_shares(*, actor: Actor, at: datetime, commitment: Commitment, percent: Mapping[int, int]) -> None:
    """State the shares of those who answer, by the id of the assignment; ``Invalid`` unless they make 100."""
    require(actor, "commitments.write")
    held = Assignment.objects.filter(in_force(day_of(at)), subject_type=LABEL, subject_id=commitment.pk)
    standing = {h.pk: h for h in held.filter(part__in=[LEAD, JOINT])}
    if set(percent) != set(standing):
        raise Invalid(_("State the share of everyone who leads or shares it."), field="shares")
    if sum(percent.values()) != 100 or min(percent.values()) < 0:
        raise Invalid(
            _("The shares make %(sum)s percent; they must make 100."), field="shares", sum=sum(percent.values())
        )
    with act(actor, at) as a:
        for pk, share in percent.items():
            if standing[pk].weight != share:
                Assignment.objects.filter(pk=pk).update(weight=share)
        changes: dict[str, Any] = {f"share_{pk}": [standing[pk].weight, share] for pk, share in percent.items()}
        a.record("commitments.share", commitment, changes)
