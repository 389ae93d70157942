"""Two merge at the same moment, the one this into that, the other that into this: one of them is told so."""

from functools import partial

import pytest

from tests.factories.at_once import at_once, look_past_locks
from tests.factories.office import MONDAY, moment, office
from zijing.cases.merging import merge
from zijing.cases.models import Case, Stage
from zijing.core.errors import DomainError
from zijing.journal.chain import verify
from zijing.packs.intake import record
from zijing.people.access import Actor
from zijing.records.models import Kind

pytestmark = pytest.mark.usefixtures("guards_afterwards")
AT = moment(MONDAY, 10)


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_both_ways_at_once_make_no_circle() -> None:
    made, values = office(), {"what": "井盖缺失", "class": "safety", "place": "第一网格"}
    kind, actor = Kind.objects.get(key="issue"), made.actor("secretary")
    for _pair in range(3):
        pair = [record(actor=actor, at=AT, kind=kind, values=values).pk for _n in range(2)]
        done, refused = both_ways(actor, pair)
        assert (len(done), len(refused)) == (1, 1)
        assert list(Case.objects.filter(pk__in=pair, stage=Stage.VOIDED).values_list("pk", flat=True)) == done
    assert verify(made.place.pk).sound


def both_ways(actor: Actor, pair: list[int]) -> tuple[list[int], list[DomainError]]:
    """Both of a pair are merged into each other at once: which were, and what the others were told."""
    seen = [(Case.objects.get(pk=one), Case.objects.get(pk=other)) for one, other in (pair, pair[::-1])]
    done, refused = list[int](), list[DomainError]()

    def run(case: Case, into: Case) -> None:
        look_past_locks()
        try:
            merge(actor=actor, at=AT, case=case, into=into)
            done.append(case.pk)
        except DomainError as error:
            refused.append(error)

    at_once([partial(run, case, into) for case, into in seen])
    return done, refused
