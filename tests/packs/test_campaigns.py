"""The pack of city-title campaigns: samples anybody can recompute, findings filed once, score rates from the records."""

import hashlib
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import given, strategies as st

from tests.factories.calls import let_clock_show
from tests.factories.office import MONDAY, Office, moment, office
from tests.web.visiting import form, signed_in
from zijing.activities.models import Activity
from zijing.cases.models import Case, Stage
from zijing.core.errors import Invalid
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.journal.models import JournalEntry
from zijing.packs.finding import client_id_of, file_findings
from zijing.packs.intake import record
from zijing.packs.sampling import digest_of, draw, drawn, minimums
from zijing.records.kinds import kind_of

AT = moment(MONDAY, 10)
CODES = st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=30, unique=True)


class TestDrawing:
    @given(st.text(max_size=20), CODES, st.integers(1, 30), st.randoms())
    def test_the_same_seed_draws_the_same_whatever_the_order(
        self, seed: str, codes: list[str], n: int, chance: Any
    ) -> None:
        mixed = codes[:]
        chance.shuffle(mixed)
        found = drawn(seed, codes, n)
        assert found == drawn(seed, mixed, n) and digest_of(codes) == digest_of(mixed)
        assert len(set(found)) == len(found) == min(n, len(codes)) and set(found) <= set(codes)
        assert drawn(seed, codes, n + 1)[:n] == found, "a larger sample only adds"

    def test_anybody_recomputes_it_with_sha256(self) -> None:
        codes = [f"DW-{n:03}" for n in range(40)]
        by_hand = sorted(codes, key=lambda c: hashlib.sha256(("2026024\n" + c).encode()).hexdigest())
        assert drawn("2026024", codes, 8) == by_hand[:8]

    def test_every_site_is_drawn_about_as_often(self) -> None:
        codes = [f"DW-{n:02}" for n in range(20)]
        times = [sum(c in drawn(f"seed {s}", codes, 5) for s in range(800)) for c in codes]
        assert min(times) > 150 and max(times) < 250, "200 are expected, twelve is the standard deviation"


@pytest.fixture
def made() -> Office:
    made = office(packs=("city-campaigns",))
    let_clock_show(made, AT)
    for n in range(1, 5):
        site = {"code": f"DW-{n}", "name": f"路{n}", "type": "road", "place": "示例社区01", "duty": "U-community"}
        enter(made, "campaign-site", **site)
    standard = {
        "code": "BZ-1", "campaign": "civilised", "version": "示例", "item": "公共环境", "content": "主次干道", "criterion": "公益广告",
        "type": "road", "points": "10", "lead": "U-section",
    }  # fmt: skip
    enter(made, "campaign-standard", **standard)
    return made


def enter(made: Office, kind: str, **values: Any) -> Any:
    return record(actor=made.system, at=AT, kind=kind_of(kind), values=values, client_id=uuid4())


def observe(made: Office, result: str, got: str = "", deduction: str = "", site: str = "DW-1") -> Activity:
    points = "" if result == "none" else "10"
    return enter(  # type: ignore[no-any-return]
        made, "campaign-observation", date=MONDAY.isoformat(), site=site, standard="BZ-1", campaign="civilised",
        result=result, points=points, got=got, deduction=deduction, what="公益广告缺2处", place="示例社区01",
    )  # fmt: skip


@pytest.mark.django_db
class TestCampaign:
    def test_a_failed_observation_becomes_a_case_with_its_units_once(self, made: Office) -> None:
        seen = observe(made, "fail", "6", "4")
        case = Case.objects.get(kind__key="campaign-finding")
        units = {u.code: u.pk for u in made.posts["section"].unit.__class__.objects.filter(office=made.place)}
        assert (case.title, case.subject_id, case.stage) == ("公益广告缺2处", seen.subject_id, Stage.DISPATCHED)
        assert case.fields["lead"] == units["U-section"] and case.unit_id == units["U-community"]
        assert case.fields["deduction"] == "4" and case.client_id == client_id_of(seen)
        assert file_findings(actor=made.system, at=AT, file=record) == 0

    @pytest.mark.parametrize("result", ["pass", "none"])
    def test_what_passed_or_does_not_apply_is_no_case(self, made: Office, result: str) -> None:
        observe(made, result, "10" if result == "pass" else "")
        assert not Case.objects.exists()

    def test_the_score_rate_leaves_out_what_does_not_apply(self, made: Office) -> None:
        observe(made, "fail", "6", "4")
        observe(made, "pass", "10", site="DW-2")
        observe(made, "none", site="DW-3")
        rate = value(find("campaign.civilised_rate"), made.actor("secretary"), at=AT, since=MONDAY, until=MONDAY)
        assert rate.amount == Decimal(80)
        none = value(find("campaign.hygienic_rate"), made.actor("secretary"), at=AT, since=MONDAY, until=MONDAY)
        assert none.amount is None, "nothing observed is no zero"

    def test_what_was_imported_is_filed_by_the_button_and_only_then(self, made: Office) -> None:
        seen = observe(made, "fail", "6", "4")
        Case.objects.filter(client_id=client_id_of(seen)).update(client_id=UUID(int=1))
        client = signed_in(made, "section")
        assert client.post("/samples/", form(do="findings")).status_code == 302
        assert Case.objects.filter(client_id=client_id_of(seen)).count() == 1
        assert file_findings(actor=made.system, at=AT, file=record) == 0

    def test_a_draw_is_recorded_with_what_recomputes_it(self, made: Office) -> None:
        said = {"campaign": "hygienic", "name": "3月", "seed": "2026024期", "wanted": {"road": 2}}
        [one] = draw(actor=made.actor("section"), at=AT, client_id=uuid4(), **said)
        codes = [f"DW-{n}" for n in range(1, 5)]
        assert one.fields["drawn"].split("、") == drawn("2026024期", codes, 2)
        assert one.fields["digest"] == digest_of(codes) and one.quantity == 2
        assert JournalEntry.objects.filter(verb="samples.draw").exists()

    @pytest.mark.parametrize(
        "wrong", [{"seed": "1"}, {"wanted": {}}, {"wanted": {"road": 9}}, {"wanted": {"market": 1}}]
    )
    def test_what_cannot_be_drawn_is_refused(self, made: Office, wrong: dict[str, Any]) -> None:
        said = {"campaign": "hygienic", "name": "3月", "seed": "2026024期", "wanted": {"road": 2}, **wrong}
        with pytest.raises(Invalid):
            draw(actor=made.actor("section"), at=AT, client_id=uuid4(), **said)
        assert not Activity.objects.exists()

    def test_the_page_shows_the_least_numbers_and_draws(self, made: Office) -> None:
        row = {
            "code": "CY-1",
            "name": "主次干道",
            "campaign": "hygienic",
            "type": "road",
            "small": 3,
            "middle": 4,
            "large": 5,
        }
        enter(made, "campaign-minimum", **row)
        assert minimums(made.actor("section"), "hygienic", "middle")["road"] == 4
        client = signed_in(made, "section")
        page = client.get("/samples/?campaign=hygienic&band=small")
        assert [(k, n, least) for k, _t, n, least, _a in page.context["lines"]] == [("road", 4, 3)]
        sent = {"campaign": "hygienic", "name": "3月", "seed": "2026024期", "n-road": "3"}
        assert client.post("/samples/", form(**sent)).status_code == 302
        assert Activity.objects.get(kind__key="campaign-draw").quantity == 3
        assert client.post("/samples/", form(**sent | {"n-road": "99"})).status_code == 422


@pytest.mark.django_db
def test_without_the_pack_there_is_nothing_to_draw(client: Client) -> None:
    made = office()
    assert signed_in(made, "section").get("/samples/").status_code == 404
