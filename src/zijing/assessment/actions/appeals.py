"""Verbs on appeals: a member objects within the days given; a post that had no part in the result decides."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from zijing.assessment.actions.consequences import end_observation
from zijing.assessment.models import Appeal, Consequence, Score
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.core.worktime import DAY, day_of, is_working
from zijing.journal.acting import Act, act
from zijing.people.access import Actor, require, require_office

EXEMPT = "appeal"
LIVING = (Consequence.Status.PROPOSED, Consequence.Status.CONFIRMED)


def last_day(score: Score) -> date | None:
    """The last day on which a score may be appealed: so many working days after its publication (None: not yet)."""
    published = score.run.publication
    if published is None:
        return None
    day, left = day_of(published.published_at), score.run.version.spec.appeal_workdays
    while left:
        day += DAY
        left -= is_working(day)
    return day


def is_own(actor: Actor, score: Score) -> bool:
    """Whether a score is the actor's to object to: its post's, its unit's, its community's or its project's."""
    if actor.post_id is None:
        return False
    if score.post_id:
        return score.post_id == actor.post_id
    if score.unit_id:
        return score.unit_id == actor.unit_id
    if score.place_id:
        return score.place_id == actor.place_id
    return score.entry is not None and score.entry.unit_id is not None and score.entry.unit_id == actor.unit_id


def appeal(*, actor: Actor, at: datetime, score: Score, text: str) -> Appeal:
    """Object to the own score. ``Invalid`` before its publication, after the last day and where nothing is known (there
    is no score to object to); once for a score.
    """
    if actor.post_id is None or not is_own(actor, score):
        raise Refused(_("Only who was assessed objects to the score."))
    if score.total is None:
        raise Invalid(_("Nothing is known of this period: there is no score to appeal against."))
    ends = last_day(score)
    if ends is None:
        raise Invalid(_("The result is not published yet."))
    if day_of(at) > ends:
        raise Invalid(_("The last day to appeal was %(day)s."), day=ends)
    if not text.strip():
        raise Invalid(_("Say what is wrong with the score."), field="text")
    with act(actor, at) as a:
        made, new = Appeal.objects.get_or_create(
            score=score,
            defaults={
                "text": text.strip()[:1000], "made_at": at, "made_by_id": actor.post_id, "account_id": actor.account_id,
            },
        )  # fmt: skip
        if not new:
            raise Conflict(_("This score has been appealed already."))
        a.record("assessment.appeal", made, {"status": [None, Appeal.Status.OPEN]}, path=score.path)
        return made


def decide_appeal(*, actor: Actor, at: datetime, appeal: Appeal, accept: bool, reason: str) -> None:
    """Accept or refuse an appeal, with a reason. Not by who made, computed, published or confirmed anything of it.

    An accepted appeal exempts the score: it stays and is shown so, takes no rank when the period is computed anew, and
    what followed from it is lifted.
    """
    require(actor, "assessment.decide")
    score = appeal.score
    require_office(actor, score.run.office_id)
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    _refuse_partial(actor, appeal)
    target = Appeal.Status.ACCEPTED if accept else Appeal.Status.REFUSED
    with act(actor, at) as a:
        updated = Appeal.objects.filter(pk=appeal.pk, status=Appeal.Status.OPEN).update(
            status=target, decided_at=at, decided_by=actor.post_id, reason=reason.strip()[:500]
        )
        if not updated:
            raise Conflict(_("Someone has decided this meanwhile."))
        a.record("assessment.decide", appeal, {"status": [Appeal.Status.OPEN, target]}, path=score.path)
        if accept:
            _exempt(a, at, score, reason)
        appeal.status = target


def _refuse_partial(actor: Actor, appeal: Appeal) -> None:
    """Nobody decides on an appeal against what the own post, or oneself, had a part in."""
    run = appeal.score.run
    taken = {run.computed_by_id, run.publication.published_by_id if run.publication else None, appeal.made_by_id}
    taken |= _deciders(appeal.score)
    if (actor.post_id is not None and actor.post_id in taken) or (
        actor.account_id is not None and actor.account_id == appeal.account_id
    ):
        raise Refused(_("Another post decides on this appeal: yours had a part in the result."))


def _deciders(score: Score) -> set[int]:
    decided = Consequence.objects.filter(score=score).exclude(decided_by=None)
    return set(decided.values_list("decided_by", flat=True))


def _exempt(a: Act, at: datetime, score: Score, reason: str) -> None:
    Score.objects.filter(pk=score.pk).update(exempt=EXEMPT)
    for one in Consequence.objects.filter(score=score, status__in=LIVING):
        Consequence.objects.filter(pk=one.pk, status=one.status).update(
            status=Consequence.Status.LIFTED, decided_at=at, reason=reason.strip()[:500]
        )
        end_observation(one)
        a.record(
            "assessment.consequence", one, {"status": [one.status, Consequence.Status.LIFTED]}, path=score.path
        )  # fmt: skip
