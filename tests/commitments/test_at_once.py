"""Two editors of one promise in the same moment, each with a database connection of their own: nothing is lost."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from tests.commitments.test_plans import AUGUST, indicator, say, year
from tests.factories.at_once import at_once, look_past_locks
from tests.factories.office import MONDAY, moment, office
from zijing.commitments.actions import Saw, Stated, correct, retarget, state, state_month
from zijing.commitments.models import Commitment, Correction, Statement
from zijing.core.errors import Conflict, DomainError
from zijing.journal.chain import verify

pytestmark = pytest.mark.usefixtures("guards_afterwards")
NOW, JULY = moment(MONDAY), date(2020, 7, 1)


def both(*verbs: Callable[[], object]) -> list[DomainError | None]:
    """What each was told: None where it was done."""

    def run(verb: Callable[[], object]) -> DomainError | None:
        look_past_locks()
        try:
            verb()
        except DomainError as error:
            return error
        return None

    told = at_once([partial(run, verb) for verb in verbs])
    assert len(told) == len(verbs)
    return told


def values(c: Commitment, period: date = AUGUST) -> list[Decimal]:
    return list(Statement.objects.filter(commitment=c, period=period).values_list("value", flat=True))


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_one_is_first_and_the_other_is_told_what_stands() -> None:
    made = office(packs=("targets",))
    found = year(made, indicator("Z1", "P-1"), indicator("Z2", "P-1"))
    c, common = found["Z1"], {"actor": made.system, "at": NOW}
    one = partial(state, **common, commitment=c, period=AUGUST, status="actual", seen=Saw(None))

    told = both(*(partial(one, value=Decimal(n)) for n in (110, 120)))
    [refusal] = [e for e in told if e]
    [stands] = values(c)
    assert isinstance(refusal, Conflict) and not Correction.objects.exists()
    assert {Decimal(refusal.params[name]) for name in ("stands", "value")} == {110, 120}
    assert Decimal(refusal.params["stands"]) == stands

    said = Statement.objects.get(commitment=c)
    again = partial(correct, **common, statement=said, reason="口径调整", seen=stands)
    told = both(*(partial(again, value=Decimal(n)) for n in (130, 140)))
    assert sorted(isinstance(e, Conflict) for e in told) == [False, True]
    assert Correction.objects.get().old_value == stands and values(c) != [stands]

    another = partial(retarget, **common, commitment=c, reason="加压", seen=c.revision)
    told = both(*(partial(another, quantity=Decimal(n)) for n in (210, 220)))
    assert sorted(isinstance(e, Conflict) for e in told) == [False, True]
    assert c.retargets.get().new_quantity == Commitment.objects.get(pk=c.pk).quantity

    rows = [Stated(found[code], Decimal(5), seen=Saw(None)) for code in ("Z1", "Z2")]
    sheet = partial(state_month, **common, period=JULY, status="actual")
    told = both(partial(sheet, rows=rows), partial(sheet, rows=rows[::-1]))
    assert sorted(e.status if e else 200 for e in told) == [200, 409]
    assert values(c, JULY) == values(found["Z2"], JULY) == [5]
    assert verify(made.place.pk).sound


@pytest.mark.django_db(transaction=True)
def test_who_states_without_looking_replaces_and_the_other_value_stays_in_the_trace() -> None:
    made = office(packs=("targets",))
    c = year(made, indicator("Z1", "P-1"))["Z1"]
    assert both(*(partial(say, made, c, n) for n in (110, 120))) == [None, None]
    trace = Correction.objects.get()
    assert {trace.old_value, trace.new_value} == {110, 120} and values(c) == [trace.new_value]
