"""Verbs on reviewers' marks: one person marks with evidence; what another has confirmed counts."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from zijing.assessment.marking import markable, marked_items, subject_named
from zijing.assessment.models import CONFIRM, MARK, Mark, Scheme
from zijing.assessment.queries import version_for
from zijing.core.errors import Conflict, Invalid, Missing, Refused
from zijing.core.worktime import day_of
from zijing.figures.periods import first_of
from zijing.figures.queries import records_of
from zijing.journal.acting import act
from zijing.people.access import Actor, require, require_office
from zijing.places.models import Place
from zijing.records.models import Noun

HUNDRED = Decimal(100)
HUNDREDTH = Decimal("0.01")


def mark(
    *, actor: Actor, at: datetime, office: Place, scheme: Scheme, item: str, day: date, member: str, mark: Decimal,
    evidence: str, record: tuple[str, int] | None = None,
) -> Mark:  # fmt: skip
    """Mark a member (``place-12``) for an item, of 100, in the period that holds ``day``; what was seen is needed.

    ``record`` is a record within sight that shows it. ``Conflict`` when the own post has marked it already.
    """
    require(actor, MARK)
    require_office(actor, office.pk)
    if actor.post_id is None or actor.account_id is None:
        raise Refused(_("A person gives a mark."))
    since = first_of(day, scheme.period)
    if since > day_of(at):
        raise Invalid(_("That period has not begun."), field="day")
    version = version_for(scheme, office, since)
    if item not in {i.key for i in marked_items(version)}:
        raise Invalid(_("This item is not marked by reviewers."), field="item")
    subject = subject_named(markable(version, office, since, day_of(at)), member)
    if subject is None:
        raise Invalid(_("Choose one of those who are assessed."), field="member")
    if subject.column == "post" and subject.pk == actor.post_id:
        raise Refused(_("Nobody marks the own post."))
    given = _checked(mark, evidence)
    kept = _record(actor, record)
    with act(actor, at) as a:
        Place.objects.select_for_update(no_key=True).filter(pk=office.pk).values_list("pk").first()
        whose = {f"{subject.column}_id": subject.pk}
        earlier = Mark.objects.filter(scheme=scheme, office=office, since=since, item=item, marked_by=actor.post_id)
        if earlier.filter(**whose).exclude(status=Mark.Status.REFUSED).exists():
            raise Conflict(_("Your post has marked this already."))
        made = Mark.objects.create(
            scheme=scheme, office=office, item=item, since=since, path=subject.path, label=subject.label[:120],
            mark=given, evidence=evidence.strip()[:1000], record_type=kept[0], record_id=kept[1], marked_at=at,
            marked_by_id=actor.post_id, marked_account_id=actor.account_id, **whose,
        )  # fmt: skip
        a.record("assessment.mark", made, {"mark": [None, given]}, path=made.path)
        return made


def _checked(mark: Decimal, evidence: str) -> Decimal:
    if not mark.is_finite() or not 0 <= mark <= HUNDRED or mark != mark.quantize(HUNDREDTH):
        raise Invalid(_("A mark lies between 0 and 100, with two decimals at most."), field="mark")
    if not evidence.strip():
        raise Invalid(_("Say what was seen: a mark without evidence does not count."), field="evidence")
    return mark


def _record(actor: Actor, record: tuple[str, int] | None) -> tuple[str, int | None]:
    if record is None:
        return "", None
    noun, pk = record
    if noun not in Noun.values or not records_of(noun, actor).filter(pk=pk).exists():
        raise Missing(_("There is no such record within your sight."))
    return noun, pk


def confirm_mark(*, actor: Actor, at: datetime, mark: Mark) -> None:
    """Confirm another person's mark: it counts from the next time the period is computed."""
    _decide(actor, at, mark, Mark.Status.CONFIRMED, "")


def refuse_mark(*, actor: Actor, at: datetime, mark: Mark, reason: str) -> None:
    """Refuse another person's mark with a reason; it stays and counts for nothing."""
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    _decide(actor, at, mark, Mark.Status.REFUSED, reason.strip()[:500])


def _decide(actor: Actor, at: datetime, mark: Mark, target: str, reason: str) -> None:
    require(actor, CONFIRM)
    require_office(actor, mark.office_id)
    if actor.post_id is None or actor.account_id is None:
        raise Refused(_("A person confirms a mark."))
    if not Mark.objects.for_decision_by(actor).filter(pk=mark.pk).exists():
        raise Refused(_("Who gave the mark, or belongs to who gets it, does not decide on it."))
    with act(actor, at) as a:
        updated = Mark.objects.filter(pk=mark.pk, status=Mark.Status.OPEN).update(
            status=target, decided_at=at, confirmed_by=actor.post_id, confirmed_account=actor.account_id, reason=reason
        )
        if not updated:
            raise Conflict(_("Someone has decided this meanwhile."))
        a.record("assessment.confirm", mark, {"status": [Mark.Status.OPEN, target]}, path=mark.path)
        mark.status = target
