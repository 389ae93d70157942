"""Verbs on consequences: proposed by the scheme's rules, decided by a person, watched over in an observation period."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zijing.assessment.models import Consequence, Observation, Review, Run, Score
from zijing.assessment.rules import meant
from zijing.core.errors import Conflict, Invalid
from zijing.core.worktime import day_of
from zijing.journal.acting import Act, act
from zijing.people.access import Actor, require, require_office
from zijing.people.deciding import settle
from zijing.people.models import Post

Status, Type = Consequence.Status, Consequence.Type


@dataclass(frozen=True)
class Help:
    """What an observation period is begun with: its last day, how the member is helped, and by which post."""

    until: date
    plan: str
    helper: Post


def propose(*, actor: Actor, at: datetime, run: Run) -> list[Consequence]:
    """Propose what a final run's scheme says for whom; nothing is confirmed. Proposing again adds nothing.

    What an earlier run of the period proposed and nobody has decided on is dropped: its score does not hold any more.
    """
    if run.provisional:
        return []
    scores = list(Score.objects.filter(run=run).order_by("rank", "pk"))
    with act(actor, at) as a:
        earlier = Consequence.objects.filter(
            score__run__version__scheme=run.version.scheme_id, score__run__office=run.office_id,
            score__run__since=run.since, status=Status.PROPOSED,
        ).exclude(score__run=run)  # fmt: skip
        earlier.update(status=Status.DROPPED, decided_at=at, reason=str(_("computed anew")))
        made = []
        for rule in run.version.spec.consequences:
            for score in meant(rule, scores):
                one, new = Consequence.objects.get_or_create(
                    score=score, type=rule.type, defaults={"rule": rule.source, "proposed_at": at}
                )
                if new:
                    made.append(one)
                    a.record("assessment.propose", one, {"type": [None, rule.type]}, path=score.path)
        return made


def decide(
    *, actor: Actor, at: datetime, consequence: Consequence, confirm: bool, reason: str, help: Help | None = None
) -> None:
    """Confirm or drop a proposal, with a reason. Only what was published is confirmed: the member must be able to
    read it. A red flag moves on from who held it; an observation period begins with its last day and its help.
    """
    if not confirm:
        _settle(actor, at, consequence, Status.PROPOSED, Status.DROPPED, reason)
        return
    if consequence.score.run.publication_id is None:
        raise Invalid(_("Publish the result first: who is meant must be able to read the score, and to appeal."))
    if consequence.type == Type.OBSERVATION:
        _check_help(help, at)
    with act(actor, at) as a:
        _settle(actor, at, consequence, Status.PROPOSED, Status.CONFIRMED, reason)
        if consequence.type == Type.RED_FLAG:
            _pass_on(a, consequence)
        if consequence.type == Type.OBSERVATION and help:
            made = Observation.objects.create(
                consequence=consequence, since=day_of(at), until=help.until, plan=help.plan.strip()[:500],
                helper=help.helper,
            )  # fmt: skip
            a.record("assessment.observe", made, {"until": [None, help.until]}, path=consequence.score.path)


def _check_help(help: Help | None, at: datetime) -> None:
    if help is None or not help.plan.strip():
        raise Invalid(_("Say how the member is helped, and by whom."), field="plan")
    if help.until <= day_of(at):
        raise Invalid(_("The observation period ends on a later day."), field="until")


def _pass_on(a: Act, consequence: Consequence) -> None:
    run = consequence.score.run
    held = Consequence.objects.filter(
        type=Type.RED_FLAG, status=Status.CONFIRMED, score__run__office=run.office_id,
        score__run__version__scheme=run.version.scheme_id,
    ).exclude(pk=consequence.pk)  # fmt: skip
    for one in held.select_related("score"):
        Consequence.objects.filter(pk=one.pk, status=Status.CONFIRMED).update(status=Status.PASSED)
        a.record("assessment.pass_on", one, {"status": [Status.CONFIRMED, Status.PASSED]}, path=one.score.path)


def lift(*, actor: Actor, at: datetime, consequence: Consequence, reason: str) -> None:
    """End a confirmed consequence before its time, with a reason; its observation period ends with it."""
    with act(actor, at):
        _settle(actor, at, consequence, Status.CONFIRMED, Status.LIFTED, reason)
        end_observation(consequence)


def end_observation(consequence: Consequence) -> None:
    """Inside an act: the observation period that hangs on a consequence is over when that is lifted."""
    running = Observation.objects.filter(consequence=consequence, status=Observation.Status.RUNNING)
    running.update(status=Observation.Status.LIFTED)


def _settle(actor: Actor, at: datetime, consequence: Consequence, source: str, target: str, reason: str) -> None:
    require_office(actor, consequence.score.run.office_id)
    settle(
        actor=actor, at=at, proposal=consequence, right="assessment.consequence", verb="assessment.consequence",
        source=source, target=target, reason=reason, path=consequence.score.path,
    )  # fmt: skip


def review(
    *, actor: Actor, at: datetime, observation: Observation, verdict: str, found: str, until: date | None = None
) -> Review:
    """Note how an observation period goes: it goes on, is extended to a later day, or ends; each is kept.

    ``Conflict`` when it was reviewed or ended meanwhile.
    """
    require(actor, "assessment.consequence")
    score = observation.consequence.score
    require_office(actor, score.run.office_id)
    if not found.strip():
        raise Invalid(_("Say what was found."), field="found")
    if verdict not in Review.Verdict.values:
        raise Invalid(_("Choose how it goes on."), field="verdict")
    extended = verdict == Review.Verdict.EXTENDED
    if extended and (until is None or until <= observation.until):
        raise Invalid(_("An extension ends on a later day than before."), field="until")
    ends = verdict in {Review.Verdict.EXITED, Review.Verdict.ENDED}
    with act(actor, at) as a:
        standing = Observation.objects.filter(
            pk=observation.pk, status=Observation.Status.RUNNING, reviews=observation.reviews
        )
        changed = {"reviews": F("reviews") + 1} | ({"until": until} if extended else {})
        if not standing.update(**changed, status=verdict if ends else Observation.Status.RUNNING):
            raise Conflict(_("Someone has reviewed this meanwhile."))
        made = Review.objects.create(
            observation=observation, at=at, by_id=actor.post_id, verdict=verdict, found=found.strip()[:500],
            until=until if extended else None,
        )  # fmt: skip
        a.record("assessment.review", observation, {"verdict": [None, verdict]}, path=score.path)
        return made
