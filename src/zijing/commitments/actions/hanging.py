"""Where commitments hang: the one rule behind every verb that gives one a place in a tree. No circle, no endless depth.

Whoever hangs something holds the office's tree until the act ends: two editors cannot hang each under the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, Max, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from zijing.commitments.models import Commitment
from zijing.commitments.models.commitments import LONGEST_LINEAGE
from zijing.core.errors import Invalid
from zijing.core.rows import update_rows
from zijing.places.models import Place, under
from zijing.records.models import NOWHERE, Kind

AT_ONCE = 5000


def hold_tree(office: int) -> None:
    """Let nobody else change where commitments of this office hang until the act ends (SQLite has one writer anyway).

    Rows that refer to the office are not kept waiting.
    """
    list(Place.objects.select_for_update(no_key=True).filter(pk=office).values_list("pk", flat=True))


def field_above(kind: Kind) -> str:
    """The field of a kind that holds the code of the commitment above, "" where there is none."""
    return str(kind.definition.get("above") or "")


def codes_above(kind: Kind, rows: Iterable[Mapping[str, Any]]) -> list[str | None]:
    """For each row the code of the commitment above: "" for none, None where the row does not say."""
    key = field_above(kind)
    return [str(row[key] or "").strip() if key and key in row else None for row in rows]


def hang_new(new: Sequence[Commitment], above: Sequence[str | Commitment | None]) -> None:
    """Give new commitments their place: each under the one with this code (of the same batch first), else on top.

    ``Invalid`` names the field that holds the code: unknown, meant by two, or leading round in a circle.
    """
    if not new:
        return
    hold_tree(new[0].office_id)
    batch: dict[str, Commitment] = {}
    for c in new:
        batch.setdefault(c.business_key, c)
    codes = [code for code in above if isinstance(code, str) and code and code not in batch]
    known = standing(new[0].office_id, codes)
    parents: dict[int, Commitment | None] = {}
    for c, code in zip(new, above, strict=True):
        parents[c.pk] = code if not isinstance(code, str) else named(c, code, batch, known) if code else None
    by_pk = {c.pk: c for c in new}
    for c in new:
        _trace(c, parents, by_pk)
    _number(new, parents)
    for c in new:
        c.parent = parents[c.pk]
    columns = ["parent_id", "lineage", "position"]
    update_rows(Commitment, columns, [[c.parent_id, c.lineage, c.position, c.pk, c.revision] for c in new], "revision")


def named(c: Commitment, code: str, *known: Mapping[str, Commitment]) -> Commitment:
    """The commitment with this code among those ``known``; ``Invalid`` where there is none."""
    found = next((some[code] for some in known if code in some), None)
    if found is None:
        sentence = _("There is no commitment numbered “%(code)s”. Enter it first, or in the same sheet.")
        raise Invalid(sentence, field=field_above(c.kind), code=code[:60])
    return found


def standing(office: int, codes: Iterable[str]) -> dict[str, Commitment]:
    """The commitments of the office with these codes; ``Invalid`` where two kinds of them share one."""
    wanted = sorted(set(codes))
    found: dict[str, Commitment] = {}
    for first in range(0, len(wanted), AT_ONCE):
        rows = Commitment.objects.filter(office=office, business_key__in=wanted[first : first + AT_ONCE])
        for c in rows.exclude(stage__in=NOWHERE).select_related("kind").order_by("pk"):
            # A commitment is named before a stage of a project: projects number their stages as they like.
            known = found.get(c.business_key)
            if known is None or known.sort == "milestone":
                found[c.business_key] = c
            elif c.sort != "milestone":
                sentence = _("“%(code)s” is the number of two commitments. Give one of them another number.")
                raise Invalid(sentence, field="parent", code=c.business_key)
    return found


def _trace(c: Commitment, parents: Mapping[int, Commitment | None], batch: Mapping[int, Commitment]) -> str:
    """Set the lineage of a new commitment and of those above it in the batch."""
    chain: list[Commitment] = []
    at: Commitment | None = c
    while at is not None and at.pk in batch and not at.lineage:
        if at in chain:
            raise circle([*chain[chain.index(at) :], at])
        chain.append(at)
        at = parents[at.pk]
    base = at.lineage if at is not None else "/"
    for link in reversed(chain):
        base = link.lineage = checked(f"{base}{link.pk}/", link)
    return c.lineage


def checked(lineage: str, c: Commitment) -> str:
    """The lineage, unless it is too deep to be kept."""
    if len(lineage) > LONGEST_LINEAGE:
        raise Invalid(_("“%(title)s” would stand too deep. Keep plans flatter."), field="parent", title=c.title)
    return lineage


def circle(round_: Iterable[Commitment]) -> Invalid:
    """The refusal of commitments that would each stand under the other; names the way round."""
    return circle_of([c.business_key or c.title for c in round_])


def circle_of(way: Sequence[str]) -> Invalid:
    """The same, from the numbers on the way round."""
    said = " → ".join(way)
    return Invalid(_("This leads round in a circle: %(way)s. Hang one of them elsewhere."), field="parent", way=said)


def _number(new: Sequence[Commitment], parents: Mapping[int, Commitment | None]) -> None:
    """Positions after those that hang there already, in the order of the batch; a given position stays."""
    standing = {p.pk for p in parents.values() if p is not None}
    last: dict[int | None, int] = {}
    for first in range(0, len(standing), AT_ONCE):
        some = sorted(standing)[first : first + AT_ONCE]
        found = Commitment.objects.filter(parent__in=some).values_list("parent").annotate(Max("position"))
        last |= {pk: position or 0 for pk, position in found}
    for c in new:
        parent = parents[c.pk]
        key = parent.pk if parent is not None else None
        if not c.position:
            last[key] = c.position = last.get(key, 0) + 1


def rehang(c: Commitment, parent: Commitment | None) -> tuple[str, str]:
    """Hang a standing commitment, with all below it, under ``parent`` (None: on top); its lineage before and after.

    Both are read again under the lock; ``Invalid`` when it would come to stand below itself.
    """
    hold_tree(c.office_id)
    now = Commitment.objects.only("lineage", "office_id").get(pk=c.pk)
    above = Commitment.objects.select_related("kind").get(pk=parent.pk) if parent else None
    if above is not None:
        if above.office_id != c.office_id:
            raise Invalid(_("A commitment stands in a plan of its own office."), field="parent")
        if above.lineage.startswith(now.lineage):
            raise circle([c, above, c])
    old, new = now.lineage, checked(f"{above.lineage if above else '/'}{c.pk}/", c)
    if old != new:
        _carry(c, above, old, new)
    c.lineage, c.parent = new, above
    return old, new


def _carry(c: Commitment, above: Commitment | None, old: str, new: str) -> None:
    below = Commitment.objects.filter(under(old, "lineage"))
    if growth := max(0, len(new) - len(old)):
        deepest = max(map(len, below.values_list("lineage", flat=True)))
        if deepest + growth > LONGEST_LINEAGE:
            raise Invalid(_("“%(title)s” would stand too deep. Keep plans flatter."), field="parent", title=c.title)
    below.update(lineage=Concat(Value(new), Substr("lineage", len(old) + 1)))
    last = Commitment.objects.filter(parent=above).aggregate(m=Max("position"))["m"] if above else None
    c.position = (last or 0) + 1
    Commitment.objects.filter(pk=c.pk).update(parent=above, position=c.position, revision=F("revision") + 1)
    c.revision += 1
