"""Reads of assessments: which version holds, and results with what they follow from."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.assessment.models import Appeal, Run, Scheme, SchemeVersion
from zijing.core.errors import Missing
from zijing.places.models import Place


def scheme_of(key: str) -> Scheme:
    """The scheme of this key; ``Missing`` when there is none."""
    found = Scheme.objects.filter(key=key).first()
    if found is None:
        raise Missing(_("There is no scheme “%(key)s”."), key=key)
    return found


def version_for(scheme: Scheme, office: Place, since: date) -> SchemeVersion:
    """The version a period is assessed by: the one it was assessed by before, else the one in force on its first day.

    An office's own version goes before the pack's while it is in force. ``Missing`` before the scheme begins.
    """
    before = Run.objects.filter(version__scheme=scheme, office=office, since=since, provisional=False)
    if last := before.select_related("version__scheme").order_by("-serial").first():
        return last.version
    held = SchemeVersion.objects.filter(Q(until=None) | Q(until__gte=since), scheme=scheme, since__lte=since)
    rows = held.filter(Q(office=office) | Q(office=None)).select_related("scheme")
    found = max(rows, key=lambda v: (v.office_id is not None, v.since, v.number), default=None)
    if found is None:
        raise Missing(_("“%(scheme)s” does not hold on %(day)s yet."), scheme=str(scheme), day=since)
    return found


def latest_run(scheme: Scheme, office: Place, since: date, *, provisional: bool = False) -> Run | None:
    """The run of a period that holds: the last one."""
    rows = Run.objects.filter(version__scheme=scheme, office=office, since=since, provisional=provisional)
    return rows.select_related("version__scheme", "office").order_by("-serial").first()


def exempted(scheme: Scheme, office: Place, since: date) -> frozenset[tuple[str, int]]:
    """The members whose appeal against this period's score was accepted: the column that names each, and its id."""
    accepted = Appeal.objects.filter(
        status=Appeal.Status.ACCEPTED, score__run__version__scheme=scheme, score__run__office=office,
        score__run__since=since,
    )  # fmt: skip
    return frozenset(a.score.member for a in accepted.select_related("score"))
