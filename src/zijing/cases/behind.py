"""What holds commitments up: the open cases filed about them, by their number or by what they are about."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from django.db.models import Q

from zijing.cases.models import Case
from zijing.people.access import Actor
from zijing.records.kinds import every_kind
from zijing.records.models import Noun

# A kind of case with a text field of this key names the commitment it is about by its number there.
NUMBER = "indicator"


class Promised(Protocol):
    """What must be known of a commitment to find the cases about it."""

    @property
    def pk(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def office_id(self) -> int: ...
    @property
    def subject_id(self) -> int | None: ...


def cases_about(actor: Actor, promised: Iterable[Promised]) -> dict[int, list[Case]]:
    """The open cases within sight that name one of these commitments by its number or stand about the same entry.

    By the commitment's id, the earliest deadline first, each case once; one query.
    """
    rows = list(promised)
    naming = [k.pk for k in every_kind().values() if k.noun == Noun.CASE and NUMBER in k.by_key]
    codes, subjects = {r.code for r in rows if r.code}, {r.subject_id for r in rows if r.subject_id}
    by_number = Q(kind__in=naming, **{f"fields__{NUMBER}__in": sorted(codes)})
    wanted = by_number | Q(subject__in=subjects) if naming else Q(subject__in=subjects)
    numbered = defaultdict[tuple[int, str], list[Case]](list)
    about = defaultdict[int | None, list[Case]](list)
    for case in Case.objects.visible_to(actor).open().filter(wanted).select_related("kind").order_by("due_at", "pk"):
        numbered[case.office_id, str(case.fields.get(NUMBER, ""))].append(case)
        about[case.subject_id].append(case)
    return {
        r.pk: list(dict.fromkeys([*numbered[r.office_id, r.code], *(about[r.subject_id] if r.subject_id else [])]))
        for r in rows
    }
