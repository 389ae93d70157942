"""Who answers for a commitment, and for how much of it (指标联责): a lead, those who share it, those who help.

Shares are percent. Lead and joint holders make up the hundred: as stated, else in equal parts; who assists has none.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.commitments.models import Commitment
from zijing.core.errors import Invalid
from zijing.core.worktime import day_of
from zijing.journal.acting import Act, act
from zijing.people.access import Actor, require
from zijing.people.actions import assign
from zijing.people.models import Assignment, Post, Unit, in_force
from zijing.records.fields import Field, ids_in
from zijing.records.models import Kind
from zijing.records.referring import resolve

LABEL = Commitment._meta.label_lower
LEAD, JOINT, ASSISTING = Assignment.Part.LEAD, Assignment.Part.JOINT, Assignment.Part.ASSISTING
LEAD_SHARE, HOLDERS = "lead_share", "holders"
AS_WRITTEN = Field(HOLDERS, "text", "责任人及占比", "Who answers, with shares")
NOBODY: Mapping[int, list["Holder"]] = MappingProxyType({})
# A holder as a sheet writes it: part, who, share in percent (none for who assists).
WRITTEN = re.compile(r"(牵头|共担|协助|lead|joint|assisting)[\s:：]+(.+?)(?:\s+(\d{1,3})\s*[%％])?", re.IGNORECASE)
PARTS = {"牵头": LEAD, "共担": JOINT, "协助": ASSISTING}


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


def holders_named(kind: Kind, commitments: Sequence[Commitment]) -> list[list[Holder]]:
    """For each commitment the holders that its fields name, by code within a part, with their shares; two queries."""
    fields = [(part, kind.by_key[key]) for part, keys in kind.parts.items() for key in keys]
    ids = {type_: {pk for c in commitments for _p, f in fields if f.type == type_ for pk in ids_in(c.value(f))}
           for type_ in ("post", "unit")}  # fmt: skip
    known: dict[str, dict[int, Any]] = {
        "post": Post.objects.in_bulk(ids["post"]) if ids["post"] else {},
        "unit": Unit.objects.in_bulk(ids["unit"]) if ids["unit"] else {},
    }
    return [_named(kind, c, known) for c in commitments]


def _named(kind: Kind, c: Commitment, known: Mapping[str, Mapping[int, Any]]) -> list[Holder]:
    found: list[tuple[Unit | Post, str]] = []
    for part, keys in kind.parts.items():
        for type_ in ("post", "unit"):
            named = {pk for key in keys if (f := kind.by_key[key]).type == type_ for pk in ids_in(c.value(f))}
            who = [known[type_][pk] for pk in named if pk in known[type_]]
            found += [(one, part) for one in sorted(who, key=lambda one: one.code)]
    stated = c.fields.get(LEAD_SHARE)
    each = shares([part for _who, part in found], int(stated) if stated not in (None, "") else None)
    return [Holder(who, part, share) for (who, part), share in zip(found, each, strict=True)]


def share_out(actor: Actor, at: datetime, kind: Kind, commitment: Commitment) -> None:
    """Give the commitment to those its fields name; who is named no more answers no more."""
    give(actor, at, commitment, holders_named(kind, [commitment])[0], kind.parts)


def names_others(kind: Kind, was: Commitment, now: Commitment) -> bool:
    """Whether the fields of a commitment name other holders, or another share of the lead, than they did."""
    keys = [key for keys in kind.parts.values() for key in keys]
    return any(was.value(kind.by_key[k]) != now.value(kind.by_key[k]) for k in keys) or (
        was.fields.get(LEAD_SHARE) != now.fields.get(LEAD_SHARE)
    )


def give(actor: Actor, at: datetime, c: Commitment, holders: Sequence[Holder], parts: Iterable[str]) -> None:
    """Make ``holders`` those who answer in these parts, with their shares."""
    with act(actor, at) as a:
        changed: dict[int, tuple[int, int]] = {}
        for part in parts:
            mine = [h for h in holders if h.part == part]
            given = assign(actor=actor, at=at, subject=c, path=c.path, part=part, to=[h.who for h in mine])
            for holder, held in zip(mine, given, strict=True):
                if holder.share is not None and held.weight != holder.share:
                    changed[held.pk] = (held.weight, holder.share)
        _share(a, c, changed)


def _share(a: Act, c: Commitment, changed: Mapping[int, tuple[int, int]]) -> None:
    """Set the shares that differ, by the id of the assignment: what it was and what it is to be."""
    for pk, (_was, share) in changed.items():
        Assignment.objects.filter(pk=pk).update(weight=share)
    if changed:
        a.record("commitments.share", c, {f"share_{pk}": list(change) for pk, change in changed.items()})


def share_new(
    actor: Actor, at: datetime, kind: Kind, new: Sequence[Commitment], said: Mapping[int, list[Holder]] = NOBODY
) -> None:
    """Give new commitments to those their fields name, or to whom ``said`` names by the commitment's id.

    Nobody holds them yet, so they are given in one statement.
    """
    day, rows = day_of(at), list[Assignment]()
    with act(actor, at) as a:
        for c, named in zip(new, holders_named(kind, new), strict=True):
            for h in said.get(c.pk, named):
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
        was = {pk: held.weight for pk, held in standing.items()}
        _share(a, commitment, {pk: (was[pk], share) for pk, share in percent.items() if was[pk] != share})


def holders_written(text: str, actor: Actor) -> list[Holder]:
    """The holders that a cell of a sheet names ("牵头 党政办 60%；共担 经济办 40%"), posts before units;
    without shares they answer in equal parts.

    ``Invalid`` for anything else, a name that is not found, shares that do not make a hundred percent.
    """
    found = []
    for piece in filter(None, (part.strip() for part in re.split(r"[;；\n]+", text))):
        match = WRITTEN.fullmatch(piece)
        if match is None:
            sentence = _("“%(text)s” names no holder. Write for example: lead Party office 60%%; joint Station 40%%.")
            raise Invalid(sentence, field=HOLDERS, text=piece[:60])
        part, name, share = match.groups()
        found.append(Holder(_who(name.strip(), actor), PARTS.get(part, part.lower()), int(share or 0)))
    whole = sum(h.share or 0 for h in found)
    if not whole:
        return [Holder(h.who, h.part, s) for h, s in zip(found, shares([h.part for h in found]), strict=True)]
    if whole != 100:
        raise Invalid(_("The shares make %(sum)s percent; they must make 100."), field=HOLDERS, sum=whole)
    return found


def _who(name: str, actor: Actor) -> Unit | Post:
    for type_, model in (("post", Post), ("unit", Unit)):
        try:
            found: Unit | Post = model.objects.get(pk=resolve(type_, name, AS_WRITTEN, actor))
        except Invalid:
            continue
        return found
    raise Invalid(_("“%(name)s” is no post or unit that is known. Write its name or code."), field=HOLDERS, name=name)


def as_written(holders: Iterable[tuple[str, str, int]]) -> str:
    """Holders (part, name, share in percent) as ``holders_written`` reads them."""
    words = {str(part): word for word, part in PARTS.items()}
    pieces = [f"{words[part]} {name} {share}%" if share else f"{words[part]} {name}" for part, name, share in holders]
    return "；".join(pieces)
