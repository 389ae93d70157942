"""Supervision (挂牌督办): cases, projects and commitments on leaders' lists, by one mechanism for the three."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.cases.models import Case, Supervision, SupervisionReport
from zijing.commitments.models import Commitment
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.core.worktime import day_of
from zijing.journal.acting import act
from zijing.people.access import Actor, dated, require
from zijing.people.models import Assignment
from zijing.places.known import known_place
from zijing.places.models import Level
from zijing.records.models import Record
from zijing.records.referring import names_of
from zijing.registers.models import Entry

PROJECT = "project"
# Whoever answers for a record reports with the right it works on such records with.
REPORTS = {
    Case._meta.label_lower: "cases.handle",
    Entry._meta.label_lower: "projects.report",
    Commitment._meta.label_lower: "commitments.state",
}
# Who answers for a project or a commitment: whom it is given to in these parts.
ANSWERING = (Assignment.Part.LEAD, Assignment.Part.JOINT)
LONGEST = 366


@dataclass(frozen=True)
class Answering:
    """The units and posts that answer for a record."""

    units: frozenset[int] = frozenset()
    posts: frozenset[int] = frozenset()

    def includes(self, actor: Actor) -> bool:
        return actor.is_system or actor.unit_id in self.units or actor.post_id in self.posts


def is_listable(record: Record) -> bool:
    """Whether a record is such as stand on lists: a case, a project or a commitment."""
    return isinstance(record, Case | Commitment) or (isinstance(record, Entry) and record.kind.key == PROJECT)


def own_level(actor: Actor) -> Supervision.Board:
    """The list of the actor's own level: county posts list for the county, office posts for the office."""
    office = known_place(actor.office_id)
    return Supervision.Board.COUNTY if office and office.level == Level.COUNTY else Supervision.Board.OFFICE


def may_strike_off(actor: Actor, listed: Supervision) -> bool:
    """Whether the actor's level put it on the list, and so may strike it off."""
    by = listed.listed_by
    return actor.may("cases.supervise") and (actor.is_system or by is None or by.office_id == actor.office_id)


def may_report(actor: Actor, listed: Supervision, answers: Answering) -> bool:
    """Whether the actor is of those who answer for what is listed, and reports are asked for."""
    asked = bool(listed.every) and listed.struck_off_at is None and listed.subject.closed_at is None
    return asked and actor.may(REPORTS[listed.subject_type]) and answers.includes(actor)


def answering(records: Iterable[Record], day: date) -> dict[Record, Answering]:
    """Who answers for each of these records on a day: for a case the unit whose turn it is, for another whom it is
    given to as leading or jointly responsible, else the unit that keeps it.
    """
    of_type = defaultdict[str, dict[int, Record]](dict)
    for record in records:
        of_type[record._meta.label_lower][record.pk] = record
    units, posts = defaultdict[Record, set[int]](set), defaultdict[Record, set[int]](set)
    given = [Q(subject_type=t, subject_id__in=some) for t, some in of_type.items() if t != Case._meta.label_lower]
    if given:
        for a in Assignment.objects.filter(reduce(or_, given), dated(day), part__in=ANSWERING):
            record = of_type[a.subject_type][a.subject_id]
            units[record] |= {a.unit_id} if a.unit_id else set()
            posts[record] |= {a.post_id} if a.post_id else set()
    return {
        r: Answering(frozenset(units[r] or ({r.unit_id} if r.unit_id and not posts[r] else set())), frozenset(posts[r]))
        for some in of_type.values()
        for r in some.values()
    }


def names_answering(records: Iterable[Record], day: date) -> dict[Record, list[str]]:
    """The names of the units, then of the posts, that answer for each of these records on a day."""
    answers = answering(records, day)
    units = names_of("unit", {pk for some in answers.values() for pk in some.units})
    posts = names_of("post", {pk for some in answers.values() for pk in some.posts})
    return {
        record: [*(units[pk] for pk in sorted(some.units)), *(posts[pk] for pk in sorted(some.posts))]
        for record, some in answers.items()
    }


def supervise(
    *, actor: Actor, at: datetime, subject: Record, level: str, reason: str, until: date, every: int | None = None,
    public: bool = False,
) -> Supervision:  # fmt: skip
    """Put a case, a project or a commitment on a leader's list with a last day. Each level lists for itself.

    ``every``: a report is due each time so many days have passed. Only what is ``public`` is shown on the wall; of a
    restricted kind nothing is. ``Conflict`` where it stands on that list already, has ended or was changed meanwhile.
    """
    require(actor, "cases.supervise")
    _refuse(actor, at, subject, level, reason, until, every)
    if public and subject.kind.restricted:
        raise Invalid(_("“%(kind)s” is restricted: it is shown on no wall."), field="public", kind=str(subject.kind))
    with act(actor, at) as a:
        _hold(subject)
        if Supervision.objects.of(subject).standing().filter(level=level).exists():
            raise Conflict(_("This is already on that list."))
        listed = Supervision(
            subject_type=subject._meta.label_lower, subject_id=subject.pk, office_id=subject.office_id, level=level,
            listed_at=at, listed_by_id=actor.post_id, reason=reason.strip()[:500], until=until, every=every,
            public=public,
        )  # fmt: skip
        listed.alarm_at = listed.next_alarm(at)
        listed.save()
        told = {"supervision": level, "until": until, "every": every, "public": public or None}
        a.record("cases.supervise", subject, {name: [None, value] for name, value in told.items() if value})
        return listed


def _refuse(
    actor: Actor, at: datetime, subject: Record, level: str, reason: str, until: date, every: int | None
) -> None:
    if subject.closed_at is not None:
        raise Conflict(_("“%(title)s” has ended; the step does not fit any more."), title=str(subject))
    if not is_listable(subject):
        raise Invalid(_("Only cases, projects and commitments are put on a list."))
    if level not in Supervision.Board.values or not reason.strip():
        raise Invalid(_("Say at which level and why."), field="reason")
    if not actor.is_system and own_level(actor) != level:
        raise Refused(_("Something is put on the list of the actor's own level."))
    if until < day_of(at):
        raise Invalid(_("%(day)s is already past."), field="until", day=until)
    if every is not None and not 1 <= every <= LONGEST:
        raise Invalid(_("Reports are due every 1 to %(most)s days."), field="every", most=LONGEST)


def _hold(subject: Record) -> None:
    """Keep others from changing a record until the act ends; ``Conflict`` if it is not as the actor saw it."""
    seen = type(subject)._default_manager.filter(pk=subject.pk, revision=subject.revision, closed_at=None)
    if seen.select_for_update(of=("self",)).values_list("pk").first() is None:
        raise Conflict(_("Someone has changed this meanwhile. Reload to see it, then decide again."))


def report_progress(*, actor: Actor, at: datetime, supervision: Supervision, said: str) -> SupervisionReport:
    """Say how it goes with what stands on a list; only whoever answers for it does."""
    require(actor, REPORTS[supervision.subject_type])
    subject = supervision.subject
    if not answering([subject], day_of(at))[subject].includes(actor):
        raise Refused(_("Another unit answers for this."))
    if not said.strip():
        raise Invalid(_("Say how it goes."), field="reason")
    with act(actor, at) as a:
        standing = Supervision.objects.standing().filter(pk=supervision.pk).select_for_update()
        if standing.first() is None:
            raise Conflict(_("It is already struck off."))
        made = SupervisionReport.objects.create(
            supervision=supervision, said=said.strip()[:500], at=at, post_id=actor.post_id
        )
        a.record("cases.progress", subject, {"supervision": [None, supervision.level]})
        return made


def strike_off(*, actor: Actor, at: datetime, supervision: Supervision, reason: str) -> None:
    """Strike something off a list, with the reason; only posts of the level that listed it may."""
    require(actor, "cases.supervise")
    if not may_strike_off(actor, supervision):
        raise Refused(_("Only the level that put something on its list strikes it off."))
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    with act(actor, at) as a:
        struck = (
            Supervision.objects.standing()
            .filter(pk=supervision.pk)
            .update(struck_off_at=at, struck_off_by=actor.post_id, strike_reason=reason.strip()[:500], alarm_at=None)
        )
        if not struck:
            raise Conflict(_("It is already struck off."))
        a.record("cases.strike_off", supervision.subject, {"supervision": [supervision.level, None]})


def supervised(actor: Actor, *, by: int | None = None, public: bool = False) -> list[Supervision]:
    """What stands on lists within the actor's sight, the nearest last day first, with its records and reports.

    ``by`` only what a post has listed; ``public`` only what may be shown to everybody, nothing of a restricted kind.
    """
    rows = Supervision.objects.standing()
    rows = rows.filter(listed_by=by) if by is not None else rows
    rows = rows.filter(public=True) if public else rows
    listed = list(rows.select_related("listed_by").prefetch_related("reports").order_by("until", "pk"))
    seen = in_sight(actor, listed)
    return [s for s in seen if not (public and s.subject.kind.restricted)]


def listings(record: Record) -> list[Supervision]:
    """Every listing of a record that the reader sees, the earliest first, with what was reported."""
    found = list(Supervision.objects.of(record).select_related("listed_by").prefetch_related("reports__post"))
    for one in found:
        one.subject = record
    return found


def in_sight(actor: Actor, listed: list[Supervision]) -> list[Supervision]:
    """Those whose records the actor sees, each with its record."""
    ids = defaultdict[str, set[int]](set)
    for one in listed:
        ids[one.subject_type].add(one.subject_id)
    seen = {
        label: Supervision.told_of(label, some, apps.get_model(label)._default_manager.tested_for(actor))
        for label, some in ids.items()
    }
    found = []
    for one in listed:
        if subject := seen[one.subject_type].get(one.subject_id):
            one.subject = subject
            found.append(one)
    return found
