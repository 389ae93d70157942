"""Publishing figures: what was said is frozen with its evidence, and later says what has changed since."""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid, Missing, Refused
from zijing.core.worktime import day_of
from zijing.figures.actions import definition_of, publish
from zijing.figures.counting import Scope, records_of, restricted, seeing_all
from zijing.figures.expressions import bucket, child_path, day_column
from zijing.figures.known import find, known
from zijing.figures.models import Figure, Publication
from zijing.figures.queries import Value, rows_of, show, value, values
from zijing.figures.registry import KIND
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.places.models import Place
from zijing.records.models import in_language

BULLETIN = "bulletin."
MOST = 60
SHOWN = 50
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def publish_figures(
    *, actor: Actor, at: datetime, figures: Sequence[Figure], place: Place, since: date, until: date, title: str,
    client_id: UUID,
) -> Publication:  # fmt: skip
    """Freeze figures for a place and a period; the same ``client_id`` again returns what was published then.

    ``Refused`` unless the actor sees everything below the place: a number published about it must be the whole one.
    """
    require(actor, "figures.publish")
    if not actor.path or not place.path.startswith(actor.path):
        raise Refused(_("You can publish figures of a place only if you see all its records."))
    _check(figures, title, until, day_of(at))
    with act(actor, at):
        key = f"{BULLETIN}{client_id}"
        if twin := Publication.objects.filter(office=actor.office_id, key=key, period=since).first():
            return twin
        scope = Scope(seeing_all(actor, place.path), at, place, since, until)
        found = values(figures, scope.actor, at=at, place=place, since=since, until=until)
        behind = {f.key: f for f in _with_inputs(found)}
        return publish(
            actor=actor, at=at, office=Place.objects.get(pk=actor.office_id), key=key, period=since,
            definition={"place": place.pk, "until": str(until), "figures": {k: _defined(f) for k, f in behind.items()}},
            values={"figures": [_frozen(v) for v in found]},
            evidence={k: pairs_of(f, scope) for k, f in behind.items() if f.measure != Figure.Measure.SHARE},
            place=place, until=until, title=title.strip(), published_by_id=actor.post_id,
        )  # fmt: skip


def _check(figures: Sequence[Figure], title: str, until: date, today: date) -> None:
    if not 0 < len(figures) <= MOST:
        raise Invalid(_("Choose between one and %(max)d figures."), field="figures", max=MOST)
    if not 0 < len(title.strip()) <= 120:
        raise Invalid(_("Give the publication a title of at most %(max)s characters."), field="title", max=120)
    if until > today:
        raise Invalid(
            _("%(day)s is not over yet; a period is published up to today at most."), field="until", day=until
        )


def _with_inputs(found: Iterable[Value]) -> Iterator[Figure]:
    for each in found:
        yield each.figure
        yield from (v.figure for v in each.inputs)


def _defined(figure: Figure) -> dict[str, Any]:
    return definition_of(figure) | {"version": figure.version}


def _frozen(found: Value) -> dict[str, Any]:
    amount = None if found.amount is None else format(found.amount.normalize(), "f")
    facts = {"key": found.figure.key, "version": found.figure.version, "amount": amount, "n": found.n}
    return facts | {"shown": _in_both(found), "inputs": [_frozen(v) for v in found.inputs]}


def _in_both(found: Value) -> dict[str, str]:
    shown = {}
    for name, code in LANGUAGES.items():
        with translation.override(code):
            shown[name] = show(found.figure, found.amount)
    return shown


Pairs = list[list[int]]


def pairs_of(figure: Figure, scope: Scope, *, alone: bool = False) -> Pairs:
    """The ids of the rows counted with their revisions, sorted; ``alone``: of those in no place below the scope's."""
    rows = rows_of(figure, scope)
    if alone and scope.place:
        rows = rows.filter(path=scope.place.path)
    wanted = ("pk",) if figure.noun == KIND else ("pk", "revision")
    return [list(pair) for pair in rows.order_by("pk").values_list(*wanted)]


def pairs_by_part(figure: Figure, scope: Scope, step: str = "") -> dict[str, Pairs]:
    """The same in one query, by the steps of a course (``bucket_of``); without a step by the path of the place right
    below in which they lie, of what lies in none the scope's own. Under "" are all of them.
    """
    if scope.place is None:
        raise ValueError("records are told apart below a place")
    part = bucket(day_column(figure.time), step) if step else child_path(scope.place.path)
    found: dict[str, Pairs] = defaultdict(list)
    for pk, revision, name in (
        rows_of(figure, scope).order_by("pk").annotate(part=part).values_list("pk", "revision", "part")
    ):
        found[name].append([pk, revision])
        found[""].append([pk, revision])
    return found


@dataclass(frozen=True)
class Changed:
    """The ``n`` records behind a published number that differ since: those within sight, and how many are hidden."""

    n: int
    hidden: int
    added: list[Any]
    removed: list[Any]
    changed: list[Any]


@dataclass(frozen=True)
class FrozenLine:
    """A published figure: what it said then, what it is now (None out of the reader's sight), what changed since."""

    key: str
    title: str
    sentence: str
    shown: str
    n: int
    inputs: list["FrozenLine"]
    now: Value | None
    changed: Changed | None

    @property
    def differs(self) -> bool:
        """Whether today's number is another one."""
        return self.now is not None and self.now.shown != self.shown


def publications(actor: Actor) -> QuerySet[Publication]:
    """What was published in the actor's office and below, newest first."""
    rows = Publication.objects.visible_to(actor).select_related("office", "place", "published_by")
    return rows.defer("evidence", "definition", "values").order_by("-published_at", "-pk")


def publication(actor: Actor, pk: int) -> Publication:
    """A publication of figures within sight; ``Missing`` otherwise."""
    rows = Publication.objects.visible_to(actor).filter(key__startswith=BULLETIN, place__isnull=False)
    found = rows.select_related("place", "office", "published_by").filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is no such publication within your sight."))
    return found


def lines_of(published: Publication, actor: Actor, *, at: datetime) -> list[FrozenLine]:
    """Every published figure beside its recount, with the records that were added, removed or changed since."""
    evidence: dict[str, list[list[int]]] = json.loads(zlib.decompress(bytes(published.evidence)))
    comparison = _Comparison(published, actor, at, evidence)
    return [comparison.line(frozen) for frozen in published.values["figures"]]


class _Comparison:
    """One publication compared with today's records by one reader."""

    def __init__(
        self, published: Publication, actor: Actor, at: datetime, evidence: dict[str, list[list[int]]]
    ) -> None:
        place = published.place
        if place is None:
            raise ValueError("a ranking is compared on the board")
        self.actor, self.evidence, self.place = actor, evidence, place
        self.scope = Scope(seeing_all(actor, place.path), at, place, published.period, published.until)
        self.definitions = published.definition["figures"]
        self.whole = bool(actor.path) and place.path.startswith(actor.path)

    def line(self, frozen: dict[str, Any]) -> FrozenLine:
        said = self.definitions[frozen["key"]]
        figure = known(frozen["key"])
        return FrozenLine(
            key=frozen["key"], n=frozen["n"], shown=in_language(frozen["shown"]["zh"], frozen["shown"]["en"]),
            title=in_language(said["title_zh"], said["title_en"]),
            sentence=in_language(said["sentence_zh"], said["sentence_en"]),
            inputs=[self.line(v) for v in frozen["inputs"]],
            now=self._now(figure) if figure and self.whole else None,
            changed=self._changed(figure) if figure and frozen["key"] in self.evidence else None,
        )  # fmt: skip

    def _now(self, figure: Figure) -> Value:
        s = self.scope
        return value(figure, s.actor, at=s.at, place=s.place, since=s.since, until=s.until)

    def _changed(self, figure: Figure) -> Changed:
        return changed_since(figure, self.scope, self.evidence[figure.key], self.actor)


def changed_since(
    figure: Figure, scope: Scope, pairs: Iterable[list[int]], reader: Actor, *, alone: bool = False
) -> Changed:
    """What differs today from the ``pairs`` (id and revision) that a figure once counted in a scope, for a reader.

    ``alone``: counted were only those in no place below the scope's. Of restricted kinds nothing is said.
    """
    then = {pair[0]: pair[1:] for pair in pairs}
    now = {pair[0]: pair[1:] for pair in pairs_of(figure, scope, alone=alone)}
    added, removed = now.keys() - then.keys(), then.keys() - now.keys()
    revised = {pk for pk in now.keys() & then.keys() if now[pk] != then[pk]}
    everyone = added | removed | revised
    seen = _seen(figure, everyone, reader)
    hidden = 0 if restricted(figure) else len(everyone) - len(seen)
    sorts = ([seen[pk] for pk in sorted(ids & seen.keys())][:SHOWN] for ids in (added, removed, revised))
    return Changed(0 if restricted(figure) else len(everyone), hidden, *sorts)


def _seen(figure: Figure, ids: set[int], reader: Actor) -> dict[int, Any]:
    if not ids or figure.noun == KIND:
        return {}
    rows = records_of(figure.counted_noun, reader).filter(pk__in=ids)
    return {r.pk: r for r in rows.select_related("kind").only("title", "stage", "kind__key", "kind__noun")}


def chosen(keys: Iterable[str]) -> list[Figure]:
    """The figures of these keys in their order; ``Missing`` for an unknown one."""
    return [find(key) for key in dict.fromkeys(keys)]
