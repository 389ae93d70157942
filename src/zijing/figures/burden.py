"""What the forms cost whoever fills them in: facts asked, asked twice, minutes spent, and what is made of them.

国办函〔2026〕12号 forbids needless demands for data; 《整治形式主义为基层减负若干规定》 (2024) asks that the
same material is handed in once at most.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations

from django.db.models import Count

from zijing.core.worktime import day_of
from zijing.figures.counting import records_of
from zijing.figures.known import every
from zijing.figures.models import Publication
from zijing.people.access import Actor
from zijing.records.fields import Field
from zijing.records.filling import median_of, times_of_kinds
from zijing.records.kinds import every_kind
from zijing.records.models import NOWHERE, Kind, Noun
from zijing.records.sheets.headings import normal

LATELY = timedelta(days=30)
# What a new form holds already: the day, the post's own place, what the record is about when it is begun there.
PREFILLED = frozenset({"happened_on", "place", "subject"})
# What every record has of its own, whatever it is called, is no fact that another form knows already.
OWN = frozenset({"title", "business_key", "happened_on", "place", "unit", "subject"})
NO_FACT = frozenset({"file", "point", "long_text", "boolean"})
NO_FACTS = frozenset({"备注", "说明", "状态", "类别", "类型"})


@dataclass(frozen=True)
class Twice:
    """A fact that two forms ask for."""

    one: Kind
    field: Field
    other: Kind
    same: Field


@dataclass(frozen=True)
class Burden:
    """What a form costs and what is made of it, over the last thirty days.

    ``filled``: how often it was filled in on a page, as measured there; ``seconds``: the median, None for never.
    """

    kind: Kind
    asked: int
    prefilled: int
    filled: int
    seconds: Decimal | None
    twice: tuple[Twice, ...]
    figures: int
    published: int
    cases: int

    @property
    def minutes(self) -> Decimal | None:
        """Minutes of work in the thirty days: the median times how often it was filled in."""
        return None if self.seconds is None else self.seconds * self.filled / 60


def burdens(actor: Actor, at: datetime) -> list[Burden]:
    """What each kind's form costs, within the reader's sight; of restricted kinds cases are not counted."""
    since = day_of(at) - LATELY
    kinds = list(every_kind().values())
    times, cases = times_of_kinds(actor, since), _cases(actor, since)
    counted = Counter(f.kind.key for f in every() if f.kind)
    published = _published(actor, at)
    asked_twice = defaultdict[str, list[Twice]](list)
    for found in twice(kinds):
        asked_twice[found.one.key].append(found)
    return [
        Burden(
            kind=k, asked=len(k.first_fields), prefilled=sum(f.column in PREFILLED for f in k.first_fields),
            filled=sum(times[k.pk].values()), seconds=median_of(times[k.pk]), twice=tuple(asked_twice[k.key]),
            figures=counted[k.key], published=published[k.key], cases=0 if k.restricted else cases.get(k.pk, 0),
        )
        for k in kinds
    ]  # fmt: skip


def twice(kinds: list[Kind]) -> Iterator[Twice]:
    """The facts that two forms ask for: of the same type and name, where one record could know them from the other.

    It could where one kind refers to the other or both to the same ledger, or where the fact is of a person.
    Each is told once: of the form that refers, else of the later kind.
    """
    refers = {k.key: {f.kind for f in k.fields if f.type == "entry" and f.kind} for k in kinds}
    for one, other in combinations(kinds, 2):
        related = one.key in refers[other.key] or other.key in refers[one.key] or refers[one.key] & refers[other.key]
        asker, knower = (one, other) if other.key in refers[one.key] else (other, one)
        for field in filter(_is_fact, asker.fields):
            same = next((f for f in filter(_is_fact, knower.fields) if _same(field, f)), None)
            if same and (related or (field.personal and same.personal)):
                yield Twice(asker, field, knower, same)


def _is_fact(field: Field) -> bool:
    return field.column not in OWN and field.type not in NO_FACT and field.title_zh not in NO_FACTS


def _same(one: Field, other: Field) -> bool:
    choices = {key for key, _zh, _en in one.choices} == {key for key, _zh, _en in other.choices}
    return one.type == other.type and choices and bool(_names(one) & _names(other))


def _names(field: Field) -> set[str]:
    return {normal(name) for name in (field.title_zh, *field.aliases)}


def _cases(actor: Actor, since: date) -> Counter[int]:
    """How many cases of the thirty days are about entries of each kind."""
    kinds = [k.pk for k in every_kind().values() if k.noun == Noun.CASE]
    rows = records_of(Noun.CASE, actor).filter(kind__in=kinds, happened_on__gt=since).exclude(stage__in=NOWHERE)
    counted = rows.filter(subject__isnull=False).order_by().values_list("subject__kind").annotate(n=Count("pk"))
    return Counter(dict(counted))


def _published(actor: Actor, at: datetime) -> Counter[str]:
    """How often figures of each kind were published in the last thirty days."""
    of = {f.key: f.kind.key for f in every() if f.kind}
    found = Counter[str]()
    rows = Publication.objects.visible_to(actor).filter(published_at__gt=at - LATELY)
    for definition in rows.values_list("definition", flat=True):
        found.update({of[key] for key in definition.get("figures", {}) if key in of})
    return found


def minutes_of(actor: Actor, at: datetime) -> dict[int, Decimal]:
    """Minutes spent on each kind's form in the last thirty days: the median times how many were filled in."""
    times = times_of_kinds(actor, day_of(at) - LATELY)
    medians = {kind: (median_of(counts), sum(counts.values())) for kind, counts in times.items()}
    return {kind: seconds * n / 60 for kind, (seconds, n) in medians.items() if seconds is not None}
