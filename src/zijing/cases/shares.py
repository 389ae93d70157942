"""Verbs of handling jointly (联合执法): other units are asked for their part, and each answers for it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zijing.cases.access import WORKED_ON, may_involve
from zijing.cases.actions import hold, note
from zijing.cases.models import Case, Share
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.people.actions import give_first
from zijing.people.models import Assignment, Unit


def involve(*, actor: Actor, at: datetime, case: Case, unit: Unit, task: str) -> Share:
    """Ask another unit for its part: by whoever dispatches, or by the unit whose turn it is. It sees the case then."""
    require(actor, "cases.dispatch" if actor.may("cases.dispatch") else "cases.handle")
    if unit.pk == case.unit_id:
        raise Invalid(_("This unit leads; ask another one."), field="unit")
    if not task.strip():
        raise Invalid(_("Say what it is asked for."), field="task")
    with act(actor, at) as a:
        hold(case, WORKED_ON)
        if not may_involve(case, actor):
            raise Refused(_("It is another unit's turn."))
        if case.shares.filter(unit=unit, answered_at=None).exists():
            raise Conflict(_("%(unit)s is asked already."), unit=str(unit))
        given = Assignment.objects.filter(
            subject_type=case._meta.label_lower,
            subject_id=case.pk,
            unit=unit,
            part=Assignment.Part.ASSISTING,
            until=None,
        )
        if not given.exists():
            give_first(a, subject=case, part=Assignment.Part.ASSISTING, to=unit)
        made = Share.objects.create(
            case=case, unit=unit, task=task.strip()[:200], asked_at=at, asked_by_id=actor.post_id
        )
        note(a, case, "involved", case.stage, unit=unit, reason=task)
        a.record("cases.involved", case, {"unit": [None, unit.pk]})
        return made


def answer(*, actor: Actor, at: datetime, share: Share, answer: str) -> None:
    """Say what was done of the unit's part; only that unit does."""
    require(actor, "cases.handle")
    if not actor.is_system and share.unit_id != actor.unit_id:
        raise Refused(_("Another unit answers for this part."))
    if not answer.strip():
        raise Invalid(_("Say what was done."), field="answer")
    with act(actor, at) as a:
        done = {"answer": answer.strip()[:500], "answered_at": at, "answered_by": actor.post_id}
        if not Share.objects.filter(pk=share.pk, answered_at=None).update(**done):
            raise Conflict(_("This part is answered already."))
        note(a, share.case, "part_answered", share.case.stage, unit=share.unit, reason=answer)
        a.record("cases.part_answered", share.case, {"unit": [None, share.unit_id]})
