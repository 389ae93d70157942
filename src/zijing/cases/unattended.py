"""What needs a person: open work that nobody can do just now, because its post or unit has no holder (rule 9)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zijing.cases.models import Case
from zijing.commitments.models import Commitment
from zijing.core.errors import Refused
from zijing.core.worktime import day_of
from zijing.outbox.machinery import Gauge
from zijing.outbox.models import Job, Rhythm
from zijing.people.access import Actor
from zijing.people.models import Assignment, Holding, Post, Unit, in_force
from zijing.records.models import Kind
from zijing.registers.models import Entry

READ = ("cases.dispatch", "people.write")
# How long a rhythm may be behind the office's clock before somebody has to look: a tick comes three times a minute.
PATIENCE = timedelta(hours=1)
# The work that stands with a unit, and in which stages it does.
WITH_UNIT: tuple[tuple[type[Any], tuple[str, ...]], ...] = ((Case, ("dispatched", "handling")), (Commitment, ("open",)))
LEADING = (Assignment.Part.LEAD, Assignment.Part.JOINT)


@dataclass(frozen=True)
class Vacant:
    """A post that nobody holds today, its last day if it is at an end, and how much open work it answers for."""

    post: Post
    ended: date | None
    work: int


@dataclass(frozen=True)
class Waiting:
    """Open work of a kind that is a unit's in which nobody holds a post; no ``stages`` where no list shows it."""

    unit: Unit
    kind: Kind
    count: int
    stages: tuple[str, ...]


@dataclass(frozen=True)
class Unattended:
    """All of it in one office."""

    posts: list[Vacant]
    units: list[Waiting]
    rhythms: list[Rhythm]
    jobs: list[Job]

    @property
    def count(self) -> int:
        return len(self.posts) + len(self.units) + len(self.rhythms) + len(self.jobs)


def may_read(actor: Actor) -> bool:
    """Who dispatches work, and who gives posts to people."""
    return any(actor.may(right) for right in READ)


def unattended(actor: Actor, at: datetime) -> Unattended:
    """What needs a person in the actor's office. ``Refused`` without a right of ``READ``.

    Numbers are of the whole office and leave restricted records out: a vacant post is named whether it answers for any.
    """
    if not may_read(actor):
        raise Refused(_("Your post (%(post)s) may not do this. Ask the office's administrator."), post=actor.title)
    on = day_of(at)
    rhythms = Rhythm.objects.filter(office=actor.office_id, next_at__lt=at - PATIENCE).order_by("next_at", "pk")
    failed = Job.objects.filter(office=actor.office_id, state=Job.State.FAILED)
    asker = _held(on).filter(post=OuterRef("post"), account=OuterRef("account"))
    return Unattended(
        _vacant(actor, on), _waiting(actor, on), list(rhythms), list(failed.exclude(Exists(asker)).order_by("pk"))
    )


def _held(on: date) -> QuerySet[Holding]:
    """The holdings that let somebody act on a day."""
    return Holding.objects.filter(in_force(on), in_force(on, "post__"), account__is_active=True)


def vacant_posts(offices: Sequence[int], on: date) -> QuerySet[Post]:
    """The posts of offices that have begun and that nobody can act in on a day, those at an end among them."""
    posts = Post.objects.filter(office__in=offices, since__lte=on)
    return posts.exclude(Exists(_held(on).filter(post=OuterRef("pk")))).select_related("unit").order_by("code")


def measure(offices: Sequence[int]) -> Gauge:
    """How many posts nobody holds today (real time), for the machinery page: no fault of it, so never red."""
    day = day_of(timezone.now())
    return Gauge(_("posts that nobody holds"), str(vacant_posts(offices, day).filter(in_force(day)).count()))


def _vacant(actor: Actor, on: date) -> list[Vacant]:
    """Every post without a holder; one at an end only while open work is still its own."""
    posts = list(vacant_posts([actor.office_id], on))
    work = _work_of(posts, on)
    ended = {p.pk: p.until for p in posts if p.until and p.until < on}
    return [Vacant(p, ended.get(p.pk), work.get(p.pk, 0)) for p in posts if p.pk not in ended or p.pk in work]


def _work_of(posts: list[Post], on: date) -> dict[int, int]:
    """How many open records each post answers for: cases it handles, and what is assigned to it."""
    handled = _open(Case).filter(handler__in=posts).order_by().values_list("handler").annotate(n=Count("pk"))
    work = dict(handled)
    for model in (Case, Commitment, Entry):
        given = Assignment.objects.filter(in_force(on), post__in=posts, subject_type=model._meta.label_lower)
        mine = given.filter(subject_id__in=_open(model).values("pk")).order_by().values_list("post")
        for post, n in mine.annotate(n=Count("subject_id", distinct=True)):
            work[post] = work.get(post, 0) + n
    return work


def _open(model: type[Any]) -> QuerySet[Any]:
    return model.objects.filter(closed_at=None, kind__restricted=False)


def _waiting(actor: Actor, on: date) -> list[Waiting]:
    """Cases whose turn it is, commitments, and what a unit leads in the ledgers, where nobody is in the unit."""
    left = Q(~Exists(_held(on).filter(post__unit=OuterRef("unit"))), unit__isnull=False)
    found = {(unit, kind): (n, ()) for (unit, kind), n in _led(actor, on, left).items()}
    for model, stages in WITH_UNIT:
        rows = (
            _open(model).filter(left, office=actor.office_id, stage__in=stages).order_by().values_list("unit", "kind")
        )
        found |= {(unit, kind): (n, stages) for unit, kind, n in rows.annotate(n=Count("pk"))}
    units = Unit.objects.in_bulk({unit for unit, _kind in found})
    kinds = Kind.objects.in_bulk({kind for _unit, kind in found})
    waiting = [Waiting(units[unit], kinds[kind], n, stages) for (unit, kind), (n, stages) in found.items()]
    return sorted(waiting, key=lambda w: (w.unit.code, w.kind.key))


def _led(actor: Actor, on: date, left: Q) -> Counter[tuple[int, int]]:
    """How many entries in use each of these units leads, by unit and kind: a project whose team is no more."""
    given = Assignment.objects.filter(left, in_force(on), subject_type=Entry._meta.label_lower, part__in=LEADING)
    pairs = set(given.values_list("unit", "subject_id"))
    entries = _open(Entry).filter(office=actor.office_id, pk__in={subject for _unit, subject in pairs})
    kinds = dict(entries.values_list("pk", "kind"))
    return Counter((unit, kinds[subject]) for unit, subject in pairs if subject in kinds)
