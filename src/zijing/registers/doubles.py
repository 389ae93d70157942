"""Which entries of a ledger may be the same thing twice: alike in a code that is one's own, in number or in name."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy as _

from zijing.people.access import Actor
from zijing.records.fields import BLIND
from zijing.records.models import Kind
from zijing.registers.models import Entry

OWN = ("credit_code", "citizen_id", "phone")
COMMON = re.compile(r"(有限责任公司|股份有限公司|有限公司|公司|\(?个体工商户\)?)$")
NOISE = re.compile(r"[\W_]+")
MOST_READ, MOST_SHOWN = 50_000, 50


@dataclass(frozen=True)
class Likeness:
    """Two entries that may be one, and what they have in common; ``weight`` orders them, the surest first."""

    first: int
    second: int
    because: str
    weight: int


def likely_doubles(actor: Actor, kind: Kind) -> list[Likeness]:
    """Pairs of entries in use, within the actor's sight, that may be the same; at most 50, the surest first."""
    rows = Entry.objects.visible_to(actor).filter(kind=kind, stage="open")
    found: dict[tuple[int, int], tuple[int, list[str]]] = {}
    for weight, label, ids in _alike(kind, rows):
        for pair in ((ids[0], other) for other in ids[1:]):
            heaviest, labels = found.get(pair, (0, []))
            found[pair] = (max(heaviest, weight), [*labels, label])
    likely = [Likeness(a, b, gettext(", ").join(labels), weight) for (a, b), (weight, labels) in found.items()]
    return sorted(likely, key=lambda p: (-p.weight, p.first, p.second))[:MOST_SHOWN]


def _alike(kind: Kind, rows: "QuerySet[Any]") -> Iterator[tuple[int, str, list[int]]]:
    groups: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    columns = rows.order_by("pk").values_list("pk", "title", "business_key", "fields")[:MOST_READ]
    for pk, title, key, values in columns.iterator(chunk_size=2000):
        for mark in _marks(kind, title, key, values):
            groups[mark].append(pk)
    for (weight, label, _mark), ids in groups.items():
        if len(ids) > 1:
            yield weight, label, ids


def _marks(kind: Kind, title: str, key: str, values: dict[str, Any]) -> Iterable[tuple[int, str, str]]:
    """What an entry may have in common with another: how sure that makes it, what it is called, its plain form."""
    for field in kind.fields:
        if field.type in OWN and (stored := values.get(field.key)):
            yield 3, field.label, str(stored[BLIND] if isinstance(stored, dict) else stored)
    if number := plain_number(key):
        yield 2, str(_("number")), number
    if (name := plain_name(title)) and any(f.column == "title" for f in kind.fields):
        yield 1, str(_("name")), name


def plain_name(title: str) -> str:
    """A name without what differs by habit: width, case, blanks, punctuation, and the legal form at its end."""
    text = NOISE.sub("", unicodedata.normalize("NFKC", title)).casefold()
    return COMMON.sub("", text) or text


def plain_number(key: str) -> str:
    """A number without width, case, separators and leading zeros: ＱＹ-001 and qy1 are alike."""
    text = NOISE.sub("", unicodedata.normalize("NFKC", key)).upper()
    return re.sub(r"(?<!\d)0+(?=\d)", "", text)
