"""Plans and indicators through the API: next year's, two beside each other, moved, shared out, month by month."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from tests.commitments.test_plans import AUGUST, NOW, indicator, say, year
from tests.factories.calls import api, let_clock_show
from tests.factories.office import Office, office
from zijing.commitments.actions import compare_with, plan_curve
from zijing.commitments.models import Commitment

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    found = office(packs=("targets",))
    let_clock_show(found)
    return found


def once(**values: Any) -> dict[str, Any]:
    return {"client_id": str(uuid4()), **values}


def test_next_years_plan_is_copied_once_and_compared(made: Office) -> None:
    call, found = api(made, "section"), year(made, indicator("Z1", "P-1"), indicator("Z2", "P-1"))
    sent = once()
    first, again = (call.post(f"plans/{found['P'].pk}/copy", sent) for _turn in range(2))
    assert (first.status_code, first.json()) == (201, again.json()) and first.json()["number"] == "2021-P"
    assert call.post(f"plans/{found['P'].pk}/copy", once()).json()["error"]["field"] == "prefix"
    new = {c.business_key: c for c in Commitment.objects.filter(business_key__startswith="2021-")}
    call.post(f"commitments/{new['2021-Z1'].pk}/retarget", once(target="220", reason="加压"))
    call.post(f"commitments/{new['2021-Z2'].pk}/withdraw", once(reason="完成"))
    told = call.get(f"plans/{new['2021-P'].pk}/against/{found['P'].pk}").json()
    assert [(p["old"]["target"], p["new"]["target"]) for p in told["retargeted"]] == [("200", "220")]
    assert [one["number"] for one in told["dropped"]] == ["Z2"] and (told["added"], told["same"]) == ([], 1)


def test_a_place_in_the_tree_and_an_order(made: Office) -> None:
    call, found = api(made, "section"), year(made, indicator("Z1", "P-1"), indicator("Z2", "P-1"))
    z1, p = found["Z1"], found["P"]
    moved = call.post(f"commitments/{z1.pk}/move", once(parent=p.pk, revision=z1.revision))
    assert moved.status_code == 200 and Commitment.objects.get(pk=z1.pk).parent == p
    circle = call.post(f"commitments/{p.pk}/move", once(parent=found["P-1"].pk))
    assert circle.status_code == 422 and "P → P-1 → P" in circle.json()["error"]["message"]
    call.post(f"commitments/{z1.pk}/retarget", once(target="210", reason="加压"))
    stale = call.post(f"commitments/{z1.pk}/move", once(parent=found["P-1"].pk, revision=z1.revision))
    assert stale.status_code == 409
    wanted = [z1.pk, found["P-1"].pk]
    assert call.post(f"commitments/{p.pk}/order", once(order=wanted)).status_code == 200
    assert list(p.children.order_by("position").values_list("pk", flat=True)) == wanted
    assert call.post(f"commitments/{p.pk}/order", once(order=[found["Z2"].pk])).status_code == 422


def test_shares_make_a_hundred(made: Office) -> None:
    posts = {"lead_post": made.posts["leader"].pk, "joint_posts": [made.posts["leader2"].pk]}
    call, c = api(made, "section"), year(made, indicator("Z1", "P-1", **posts))["Z1"]
    held = call.get(f"commitments/{c.pk}/shares").json()["shares"]
    assert [(h["part"], h["share"]) for h in held] == [("lead", 50), ("joint", 50)]

    def state(*percent: int) -> Any:
        shares = [{"id": h["id"], "share": n} for h, n in zip(held, percent, strict=True)]
        return call.post(f"commitments/{c.pk}/shares", once(shares=shares))

    assert state(70, 20).status_code == 422
    assert [h["share"] for h in state(70, 30).json()["shares"]] == [70, 30]


def test_the_course_of_an_indicator(made: Office) -> None:
    c = year(made, indicator("Z1", "P-1"))["Z1"]
    say(made, c, 100, date(2019, 8, 1))
    say(made, c, 120, note="报表")
    say(made, c, 130, status="expected")
    who = {"actor": made.system, "at": NOW, "commitment": c}
    plan_curve(**who, points={AUGUST: Decimal(150), date(2020, 12, 1): Decimal(200)})
    compare_with(**who, period=AUGUST, whose="全市平均", value=Decimal(125), average=True, source="统计局")
    call = api(made, "leader")
    told = call.get(f"indicators/{c.pk}").json()
    august = {"period": "2020-08-01", "actual": "120", "expected": "130", "planned": "150", "growth": "20",
              "note": "报表"}  # fmt: skip
    assert told["months"][7] == august and len(told["months"]) == 9 and told["missing"][0] == "2020-01-01"
    assert (told["value"], told["gap"], told["state"], told["corrections"]) == ("120", "-5", "behind", 0)
    assert [p["value"] for p in told["curve"]] == ["150", "200"]
    assert told["peers"] == [
        {"whose": "全市平均", "average": True, "period": "2020-08-01", "value": "125", "source": "统计局"}
    ]
    assert [one["id"] for one in call.get("indicators").json()] == [c.pk]
    assert call.get("indicators?year=2019").json() == [] and call.get("indicators?year=3000").status_code == 422
    assert call.get(f"indicators/{Commitment.objects.get(business_key='P').pk}").status_code == 404


def test_a_value_stated_meanwhile_is_refused_with_both(made: Office) -> None:
    c, call = year(made, indicator("Z1", "P-1"))["Z1"], api(made, "section")
    say(made, c, 110)
    at, sent = f"commitments/{c.pk}/statements", {"period": "2020-08-01", "value": "120"}
    refused = call.post(at, once(**sent, seen=None))
    assert refused.status_code == 409 and "110 has been stated" in refused.json()["error"]["message"]
    assert call.post(at, once(**sent, seen="110")).status_code == 200
    assert call.post(at, once(period="2020-08-01", value="125")).status_code == 200
    assert [t.old_value for t in c.statements.get().corrections.order_by("pk")] == [110, 120]


@pytest.mark.parametrize("n", [1, 3])
def test_as_many_queries_for_three_as_for_one(made: Office, n: int, django_assert_num_queries: Any) -> None:
    found = year(made, *(indicator(f"Z{i}", "P-1") for i in range(n)))
    for i in range(n):
        say(made, found[f"Z{i}"], 120)
    call = api(made, "section")
    new = call.post(f"plans/{found['P'].pk}/copy", once()).json()["id"]
    with django_assert_num_queries(8):
        assert len(call.get("indicators").json()) == n
    with django_assert_num_queries(4):
        assert call.get(f"plans/{new}/against/{found['P'].pk}").json()["same"] == n + 1
