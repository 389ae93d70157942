"""The pack of city-title campaigns: samples anybody can recompute, findings filed once, score rates from the records."""

import hashlib
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given, strategies as st
from PIL import Image

from tests.factories.calls import let_clock_show
from tests.factories.office import MONDAY, Office, moment, office
from tests.web.visiting import form, signed_in
from zijing.activities.models import Activity
from zijing.assessment.actions import run
from zijing.assessment.models import Scheme
from zijing.cases.models import Case, Stage
from zijing.core.errors import Invalid, Missing, Refused, Several
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.journal.acting import act
from zijing.journal.models import JournalEntry
from zijing.packs.campaigns import close_round, rounds
from zijing.packs.finding import client_id_of, file_findings
from zijing.packs.intake import record, target, targets
from zijing.packs.sampling import digest_of, draw, drawn, minimums
from zijing.records.files import Upload, attach, attachments_of, make_ready, store
from zijing.records.kinds import kind_of
from zijing.records.models import File

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


def file_of(made: Office) -> File:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    sent = Upload(out.getvalue(), "现场.png")
    make_ready([sent])
    with act(made.system, AT):
        return store(actor=made.system, at=AT, sent=sent)


@pytest.mark.django_db
class TestPhotos:
    def test_a_photo_goes_with_the_finding_and_so_does_one_that_comes_later(
        self, made: Office, settings, tmp_path
    ) -> None:
        settings.DATA = tmp_path
        seen = observe(made, "fail", "6", "4")
        case = Case.objects.get(kind__key="campaign-finding")
        first = file_of(made)
        with act(made.system, AT):
            attach(actor=made.system, at=AT, subject=seen, file=first, part="near")
            attach(actor=made.system, at=AT, subject=seen, file=first, part="near")
        assert [a.file_id for a in attachments_of(case)] == [first.pk], "once, however often it is attached"

    def test_what_is_filed_afterwards_has_the_photos_too(self, made: Office, settings: Any, tmp_path: Path) -> None:
        settings.DATA = tmp_path
        seen = observe(made, "fail", "6", "4")
        Case.objects.update(client_id=UUID(int=1))
        photo = file_of(made)
        with act(made.system, AT):
            attach(actor=made.system, at=AT, subject=seen, file=photo, part="near")
        assert file_findings(actor=made.system, at=AT, file=record) == 1
        case = Case.objects.get(client_id=client_id_of(seen))
        assert [a.part for a in attachments_of(case)] == ["near"]


@pytest.mark.django_db
class TestNotApplicable:
    @pytest.mark.parametrize(("result", "answer"), [("none", "not applicable"), ("pass", "passed")])
    def test_points_are_deducted_only_where_it_failed(self, made: Office, result: str, answer: str) -> None:
        with translation.override("en"), pytest.raises(Several) as refused:
            observe(made, result, "10" if result == "pass" else "", deduction="4")
        with translation.override("en"):
            said = str(refused.value)
        assert said == f"Where “Result” is “{answer}”, “Deduction” stays empty."
        assert not Activity.objects.exists()


LEAST = {
    "code": "CY-1",
    "name": "主次干道",
    "campaign": "civilised",
    "type": "road",
    "small": 3,
    "middle": 4,
    "large": 5,
}


@pytest.mark.django_db
class TestRounds:
    def drawn(self, made: Office, n: int, name: str = "9月", band: str = "small") -> None:
        said = {"campaign": "civilised", "name": name, "seed": "2026024期", "wanted": {"road": n}, "band": band}
        draw(actor=made.actor("section"), at=AT, client_id=uuid4(), **said)

    def test_too_few_sites_have_no_rate_and_cannot_be_closed(self, made: Office) -> None:
        enter(made, "campaign-minimum", **LEAST)
        self.drawn(made, 4)
        for site in ("DW-1", "DW-1", "DW-2"):
            observe(made, "pass", "10", site=site)
        observe(made, "none", site="DW-3")
        [one] = rounds(made.actor("section"))
        assert [(p.type, p.least, p.drawn, p.seen, p.missing) for p in one.parts] == [("road", 3, 4, 2, 1)]
        assert not one.enough and one.rate is None
        with translation.override("en"), pytest.raises(Invalid, match=r"Not enough.*main road: 1 more"):
            close_round(actor=made.actor("section"), at=AT, campaign="civilised", name="9月")
        page = signed_in(made, "section").get("/samples/").content.decode()
        assert "not enough" in page and "main road: 1 more" in page and "Close as complete" not in page

    def test_with_enough_it_is_closed_once_and_stands_fast(self, made: Office) -> None:
        enter(made, "campaign-minimum", **LEAST)
        self.drawn(made, 3)
        codes = drawn("2026024期", [f"DW-{n}" for n in range(1, 5)], 3)
        for site in codes:
            observe(made, "pass", "10", site=site)
        observe(made, "fail", "6", "4", site=codes[0])
        client = signed_in(made, "section")
        assert "90.0 %" in client.get("/samples/").content.decode()
        sent = form(do="close", campaign="civilised", round="9月")
        assert client.post("/samples/", sent).status_code == 302
        assert client.post("/samples/", form(**sent)).status_code == 409
        result = Activity.objects.get(kind__key="campaign-result")
        assert (result.quantity, result.fields["points"], result.fields["got"]) == (3, "40", "36")
        observe(made, "fail", "0", "10", site=codes[1])
        [one] = rounds(made.actor("section"))
        assert one.result == result and one.rate == Decimal(90)

    def test_a_larger_city_wants_more(self, made: Office) -> None:
        enter(made, "campaign-minimum", **LEAST)
        self.drawn(made, 4, band="large")
        [one] = rounds(made.actor("section"))
        assert one.lacking and one.parts[0].missing == 5

    def test_a_type_that_nobody_drew_is_missing_too(self, made: Office) -> None:
        enter(made, "campaign-minimum", **LEAST | {"code": "CY-2", "type": "market", "small": 1})
        self.drawn(made, 2)
        [one] = rounds(made.actor("section"))
        assert {p.type: p.missing for p in one.parts} == {"road": 0, "market": 1}

    def test_nobody_types_a_result(self, made: Office) -> None:
        values = {"date": "2020-09-07", "name": "9月", "campaign": "civilised", "since": "2020-09-07", "sites": 9}
        with pytest.raises(Refused):
            enter(made, "campaign-result", **values, points=9, got=9, rate=100)
        actor = made.actor("section")
        with pytest.raises(Refused):
            target("campaign-result", actor)
        assert "campaign-result" not in {t.key for t in targets(actor)}

    def test_unknown_rounds_are_missing(self, made: Office) -> None:
        with pytest.raises(Missing):
            close_round(actor=made.actor("section"), at=AT, campaign="civilised", name="无")

    @pytest.mark.parametrize("n", [1, 3])
    def test_many_rounds_ask_as_much_as_one(self, made: Office, n: int, django_assert_num_queries: Any) -> None:
        for month in range(n):
            self.drawn(made, 2, f"{month}月")
        observe(made, "pass", "10")
        reader = made.actor("section")
        rounds(reader)
        with django_assert_num_queries(6):
            rounds(reader)

    def test_the_month_ranks_communities_by_their_score_rates(self, made: Office) -> None:
        observe(made, "fail", "6", "4")
        scheme = Scheme.objects.get(key="city-monthly")
        found = run(actor=made.system, at=moment(date(2020, 10, 6)), office=made.place, scheme=scheme, day=MONDAY)
        scores = {s.label: s.breakdown for s in found.scores.all()}
        assert set(scores) == {"示例社区01", "示例村02"}
        assert "60" in str(scores["示例社区01"])
