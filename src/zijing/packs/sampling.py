"""A random sample that anybody can recompute: sites in the order of the digest of a published seed and their number.

The seed is published before the draw and in nobody's hand (a lottery's numbers, a closing index). Whoever has it and
the list of numbers gets the same sample with any program that knows SHA-256; the digest of the list says it was this
list.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid, Missing
from zijing.core.worktime import day_of
from zijing.journal.acting import act
from zijing.packs.intake import record
from zijing.people.access import Actor, require
from zijing.records.fields import Field
from zijing.records.kinds import find_kind
from zijing.records.models import NOWHERE, Kind, Record
from zijing.registers.models import Entry

SITE, DRAW, MINIMUM = "campaign-site", "campaign-draw", "campaign-minimum"
BANDS = ("small", "middle", "large")
SHORTEST_SEED = 6


def drawn(seed: str, codes: Iterable[str], n: int) -> list[str]:
    """The first ``n`` of ``codes`` in the order of SHA-256 of "seed, line feed, code" as UTF-8."""
    order = sorted(set(codes), key=lambda code: hashlib.sha256(f"{seed}\n{code}".encode()).hexdigest())
    return order[:n]


def digest_of(codes: Iterable[str]) -> str:
    """SHA-256 of the sorted codes, one a line, as UTF-8."""
    return hashlib.sha256("\n".join(sorted(set(codes))).encode()).hexdigest()


def draw_kind() -> Kind:
    """The kind that draws are recorded as; ``Missing`` where no pack brings it."""
    kind = find_kind(DRAW)
    if kind is None:
        raise Missing(_("No pack here draws samples."))
    return kind


def field_of(kind: Kind, key: str) -> Field:
    """A field that the pack's kind must have."""
    return kind.by_key[key]


def populations(actor: Actor) -> dict[str, list[str]]:
    """The numbers of the office's sites within sight, by type."""
    found: dict[str, list[str]] = {}
    rows = Entry.objects.visible_to(actor).filter(kind__key=SITE).exclude(stage__in=NOWHERE).exclude(business_key="")
    for code, fields in rows.order_by("business_key").values_list("business_key", "fields"):
        found.setdefault(fields.get("type", ""), []).append(code)
    return found


def minimums(actor: Actor, campaign: str, band: str) -> Mapping[str, int]:
    """The least numbers to draw by type, as the ledger of minimum samples says for a campaign and a size of city."""
    return {t: n for (c, b, t), n in every_minimum(actor).items() if (c, b) == (campaign, band)}


def every_minimum(actor: Actor) -> Mapping[tuple[str, str, str], int]:
    """The least numbers to draw by campaign, size of city and type; of two rows for one the greater."""
    rows = Entry.objects.visible_to(actor).filter(kind__key=MINIMUM).exclude(stage__in=NOWHERE)
    found = Counter[tuple[str, str, str]]()
    for fields in rows.values_list("fields", flat=True):
        for band in BANDS:
            key = (fields["campaign"], band, fields["type"])
            found[key] = max(found[key], int(fields.get(band, 0)))
    return found


def draw(
    *, actor: Actor, at: datetime, campaign: str, name: str, seed: str, wanted: Mapping[str, int], client_id: UUID,
    band: str = BANDS[0],
) -> list[Record]:  # fmt: skip
    """Draw sites of each type and record the draw. ``Invalid`` when a type has fewer sites, or the seed is short."""
    require(actor, "activities.write")
    kind, known = draw_kind(), populations(actor)
    if len(seed.strip()) < SHORTEST_SEED:
        sentence = _("A seed has at least %(n)s characters: a number that was published.")
        raise Invalid(sentence, field="seed", n=SHORTEST_SEED)
    asked = {type_: n for type_, n in wanted.items() if n}
    if not asked:
        raise Invalid(_("Say of which type how many are drawn."), field="wanted")
    titles = field_of(kind, "type").titles
    for type_, n in asked.items():
        if not 0 < n <= len(known.get(type_, [])):
            sentence = _("Of “%(type)s” there are %(n)s sites; draw between one and as many.")
            raise Invalid(sentence, field="wanted", type=titles.get(type_, type_), n=len(known.get(type_, [])))
    made = []
    said: dict[str, Any] = {"date": day_of(at), "name": name, "campaign": campaign, "band": band, "seed": seed.strip()}
    with act(actor, at) as a:
        for type_, n in asked.items():
            values = said | _drawn(seed.strip(), type_, n, known[type_])
            made.append(record(actor=actor, at=at, kind=kind, values=values, client_id=uuid5(client_id, type_)))
            sealed = digest_of([values["seed"], values["digest"], values["drawn"]])
            a.record("samples.draw", made[-1], {"digest": [None, sealed]})
    return made


def _drawn(seed: str, type_: str, n: int, codes: Sequence[str]) -> dict[str, Any]:
    """What recomputes a draw of one type."""
    return {
        "type": type_, "size": n, "population": len(codes), "digest": digest_of(codes),
        "drawn": "、".join(drawn(seed, codes, n)),
    }  # fmt: skip
