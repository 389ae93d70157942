"""What a case says of persons is kept no longer than its kind allows (PIPL arts. 19 and 47); the fact stays."""

from datetime import datetime

from django.db.models import QuerySet

from zijing.cases.models import Case, Plea, Share, Step
from zijing.core.worktime import ZONE
from zijing.journal.acting import act
from zijing.outbox.rhythm import register_task
from zijing.people.access import system_actor
from zijing.places.models import Place
from zijing.records.kinds import every_kind
from zijing.records.models import Kind

TASK = "cases.forget"
# How many cases are gone through in one act.
SLICE = 200


def years_before(at: datetime, years: int) -> datetime:
    """The same day so many years earlier; of the 29th of February the 28th."""
    local = at.astimezone(ZONE)
    day = 28 if (local.month, local.day) == (2, 29) else local.day
    return local.replace(year=local.year - years, day=day)


def forget(office: Place, at: datetime) -> None:
    """Destroy the personal values of an office's cases that ended longer ago than their kind keeps them, and what was
    written of them with their steps.

    Kind, class, place, days, steps and outcome stay, so that figures stay; the journal notes that it was done, never
    what it was (``cases.forget``).
    """
    for kind in every_kind().values():
        personal = [f.key for f in kind.fields if f.personal]
        while kind.kept_years and personal and _forget_some(office, at, kind, personal):
            pass


def _over(office: Place, at: datetime, kind: Kind, personal: list[str]) -> QuerySet[Case]:
    ended = Case.objects.filter(kind=kind, office=office, closed_at__lt=years_before(at, kind.kept_years))
    over: QuerySet[Case] = ended.filter(fields__has_any_keys=personal).order_by("pk")
    return over


def _forget_some(office: Place, at: datetime, kind: Kind, personal: list[str]) -> int:
    with act(system_actor(office, "clock"), at) as a:
        cases = list(_over(office, at, kind, personal).select_for_update(of=("self",))[:SLICE])
        for case in cases:
            kept = {key: value for key, value in case.fields.items() if key not in personal}
            Case.objects.filter(pk=case.pk).update(fields=kept, revision=case.revision + 1)
            a.record("cases.forget", case)
        Step.objects.filter(case__in=cases).update(reason="")
        Plea.objects.filter(case__in=cases).update(reason="", answer="")
        Share.objects.filter(case__in=cases).update(task="", answer="")
        return len(cases)


def declare() -> None:
    """Let a pack's rhythm call for it."""
    register_task(TASK, forget)
