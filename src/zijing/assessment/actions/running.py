"""Verbs on runs: compute a period, once; compute it anew after a correction or an appeal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from zijing.assessment.computing import Result, compute
from zijing.assessment.definition import SchemeSpec
from zijing.assessment.marking import marks_of
from zijing.assessment.models import READ_POSTS, Run, Scheme, SchemeVersion, Score
from zijing.assessment.queries import exempted, latest_run, version_for
from zijing.core.errors import Conflict, Invalid
from zijing.core.worktime import DAY, day_of
from zijing.figures.periods import first_of, last_of
from zijing.journal.acting import act
from zijing.people.access import Actor, require, require_office
from zijing.places.models import Level, Place

WRITTEN_AT_ONCE = 200


def run(
    *, actor: Actor, at: datetime, office: Place, scheme: Scheme, day: date, again: bool = False,
    provisional: bool = False,
) -> Run:  # fmt: skip
    """Compute the period that holds ``day``. A period that was computed gives what was found, unless ``again``.

    ``Invalid`` while the period is not over; a ``provisional`` run looks at it all the same, until yesterday, is marked
    so, follows nothing from it, and gives way to the next.
    """
    since, until = _period(actor, at, office, scheme, day, provisional=provisional)
    before = latest_run(scheme, office, since, provisional=provisional)
    if before and not again and not provisional:
        return before
    version = version_for(scheme, office, since)
    results = _computed(version, office, at, since, until)
    return _keep(actor, at, version, office, (since, until), before, results, provisional)


@dataclass(frozen=True)
class Look:
    """What a run would find: the version, the days, and every member's score, the best first. Nothing is kept."""

    version: SchemeVersion
    since: date
    until: date
    results: list[Result]


def look(
    *, actor: Actor, at: datetime, office: Place, scheme: Scheme, day: date, provisional: bool = False
) -> Look:  # fmt: skip
    """Compute the period that holds ``day`` without writing anything; refused as ``run`` is.

    Of posts the scores within the actor's sight alone, for who may read posts' scores.
    """
    since, until = _period(actor, at, office, scheme, day, provisional=provisional)
    posts = scheme.population == Scheme.Population.POSTS
    if posts:
        require(actor, READ_POSTS)
    version = version_for(scheme, office, since)
    found = _computed(version, office, at, since, until)
    seen = [r for r in found if not posts or (actor.path and r.subject.path.startswith(actor.path))]
    seen.sort(key=lambda r: (r.standing.rank is None, r.standing.rank or 0, r.subject.label))
    return Look(version, since, until, seen)


def _computed(version: SchemeVersion, office: Place, at: datetime, since: date, until: date) -> list[Result]:
    scheme = version.scheme
    return compute(
        version.spec, office, at=at, since=since, until=until, marks=marks_of(scheme, office, since),
        exempt=exempted(scheme, office, since),
    )  # fmt: skip


def _period(
    actor: Actor, at: datetime, office: Place, scheme: Scheme, day: date, *, provisional: bool
) -> tuple[date, date]:  # fmt: skip
    """The days that are computed; refused without the right, and while the period is not over."""
    require(actor, "assessment.run")
    require_office(actor, office.pk)
    if (scheme.population == Scheme.Population.OFFICES) != (office.level == Level.COUNTY):
        raise Invalid(_("A county assesses its towns and subdistricts; each of them assesses what is its own."))
    if day > day_of(at):
        raise Invalid(_("That period has not begun."), field="day")
    since, until = first_of(day, scheme.period), last_of(day, scheme.period)
    if provisional:
        until = min(until, day_of(at) - DAY)
        if until < since:
            raise Invalid(_("The period has only just begun: there is nothing to look at yet."), field="day")
    elif until >= day_of(at):
        text = _("The period ends on %(day)s and is not over yet; look at it provisionally.")
        raise Invalid(text, field="day", day=until)
    return since, until


def _keep(
    actor: Actor, at: datetime, version: SchemeVersion, office: Place, period: tuple[date, date], before: Run | None,
    results: list[Result], provisional: bool,
) -> Run:  # fmt: skip
    since, until = period
    with act(actor, at) as a:
        _in_turn(office, version.scheme, since, before, provisional)
        serial = Run.objects.filter(version__scheme=version.scheme, office=office, since=since).count() + 1
        made = Run.objects.create(
            version=version, office=office, since=since, until=until, serial=serial, provisional=provisional,
            computed_at=at, computed_by_id=actor.post_id, members=len(results),
        )  # fmt: skip
        ranks = _ranks_before(version.spec, version.scheme, office, since)
        scores = [_score(made, r, ranks) for r in results]
        Score.objects.bulk_create(scores, batch_size=WRITTEN_AT_ONCE)
        said = {"since": [None, since], "until": [None, until], "version": [None, version.number]}
        a.record("assessment.run", made, said | {"provisional": [None, provisional]}, path=office.path)
        return made


def _in_turn(office: Place, scheme: Scheme, since: date, before: Run | None, provisional: bool) -> None:
    """Who computes the same period at the same time waits, and is told that it has been done."""
    Place.objects.select_for_update(no_key=True).filter(pk=office.pk).values_list("pk").first()
    if provisional:
        Run.objects.filter(version__scheme=scheme, office=office, since=since, provisional=True).delete()
        return
    now = latest_run(scheme, office, since)
    if (now and now.pk) != (before and before.pk):
        raise Conflict(_("Someone has computed this period meanwhile."))


def _ranks_before(spec: SchemeSpec, scheme: Scheme, office: Place, since: date) -> dict[tuple[str, int], int]:
    earlier = latest_run(scheme, office, first_of(since - DAY, spec.period))
    rows: Iterable[Score] = Score.objects.filter(run=earlier, rank__isnull=False) if earlier else ()
    return {score.member: score.rank for score in rows if score.rank}


def _score(made: Run, result: Result, before: dict[tuple[str, int], int]) -> Score:
    s, one = result.subject, result.standing
    earlier = before.get((s.column, s.pk))
    return Score(
        run=made, path=s.path, label=s.label[:120], total=one.total, low=one.low, high=one.high, rank=one.rank,
        rank_from=one.rank_from, rank_to=one.rank_to, grouping=one.group, chance=one.chance, below=one.below,
        above=one.above, last=one.last, vetoed=one.vetoed, exempt="appeal" if result.exempt else "",
        breakdown=result.breakdown,
        moved=earlier - one.rank if earlier and one.rank else None,
        **{f"{s.column}_id": s.pk},
    )  # fmt: skip
