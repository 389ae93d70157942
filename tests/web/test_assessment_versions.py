"""The pages of an office's own versions, of dry runs, and of reviewers' marks."""

from datetime import date
from decimal import Decimal

import pytest

from tests.factories.assessed import AFTER, AUGUST, assessed, closed, month, scores
from tests.factories.calls import api, let_clock_show
from tests.factories.office import moment
from tests.web.visiting import form, signed_in
from zijing.assessment.actions import confirm_mark, mark, propose_version, publish_run
from zijing.assessment.models import Mark, Run, Scheme, SchemeVersion, Score
from zijing.core.worktime import day_of

OWN = "/assessment/schemes/community-monthly/own/"
MARKS = "/assessment/schemes/community-monthly/marks/"
OCTOBER = date(2020, 10, 1)


@pytest.fixture
def made(db):
    found = assessed()
    for n in range(11, 16):
        closed(found, f"社区{n}网格", 38, 2)
    closed(found, "社区16网格", 12, 28)
    return found


def visitor(made, role, on=None):
    return signed_in(made, role, on or day_of(AFTER))


def marked(made, since=OCTOBER):
    """An own version with an item that reviewers mark."""
    scheme = Scheme.objects.get(key="community-monthly")
    items = [
        scheme.definition["items"][0] | {"weight": "60"},
        {"key": "order", "title": {"zh": "现场秩序", "en": "Order on site"}, "weight": "40", "way": "marks"},
    ]
    return propose_version(
        actor=made.actor("secretary"), at=AFTER, office=made.place, scheme=scheme, items=items, since=since
    )


def given(made, n=11, role="section", at=None):
    return mark(
        actor=made.actor(role), at=at or moment(date(2020, 10, 20)), office=made.place, item="order", day=OCTOBER,
        scheme=Scheme.objects.get(key="community-monthly"), member=f"place-{made.places[f'社区{n}'].pk}",
        mark=Decimal(80), evidence="通道畅通",
    )  # fmt: skip


class TestOwnVersion:
    def test_the_secretary_makes_one_and_sees_who_gains_before_it_holds(self, made):
        chief = visitor(made, "secretary")
        page = chief.get(OWN).content.decode()
        assert 'name="weight-on_time" value="40"' in page and 'value="2020-10-01"' in page
        sent = {"weight-on_time": "10", "weight-closing": "50", "n-0": "3", "since": "2020-10-01"}
        answer = chief.post(OWN, form(**sent), follow=True)
        version = SchemeVersion.objects.get(number=2)
        assert answer.redirect_chain[-1][0] == f"/assessment/schemes/community-monthly/try/{version.pk}/"
        assert [i.weight for i in version.spec.items] == [10, 50, 20, 20]
        page = answer.content.decode()
        assert "does not hold yet" in page and "社区16" in page and "rotating red flag: 0 now, 0 then" in page
        assert not Run.objects.exists()
        chief.post(f"/assessment/versions/{version.pk}/withdraw/", form())
        assert "withdrawn" in chief.get("/assessment/schemes/community-monthly/").content.decode()

    def test_a_refusal_shows_the_form_again_with_what_was_typed(self, made):
        page = visitor(made, "secretary").post(OWN, form(**{"weight-on_time": "39", "since": "2020-10-01"}))
        text = page.content.decode()
        assert page.status_code == 422
        assert "The weights sum to 99, not 100." in text and 'value="39"' in text and 'aria-invalid="true"' in text

    def test_an_item_goes_and_one_of_marks_comes(self, made):
        sent = {"weight-satisfied": "", "new-title": "现场秩序", "new-weight": "20", "since": "2020-10-01"}
        assert visitor(made, "director").post(OWN, form(**sent)).status_code == 302
        items = SchemeVersion.objects.get(number=2).spec.items
        assert [(i.key, i.way) for i in items][2:] == [("lasting", "linear"), ("own-1", "marks")]

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"since": ""}, "Give the day as"), ({"since": "2020-09-03"}, "has not begun"),
            ({"target-on_time": "x"}, "is not as it must be"), ({"target-on_time": "40"}, "the target lies above"),
            ({"weight-satisfied": "", "new-title": "巡查", "new-weight": "20", "new-figure": "no.such"}, "no figure"),
        ],
    )  # fmt: skip
    def test_bad_input_is_refused_in_words(self, made, sent, said):
        page = visitor(made, "secretary").post(OWN, form(**({"since": "2020-10-01"} | sent)))
        assert (page.status_code, said in page.content.decode()) == (422, True)
        assert SchemeVersion.objects.filter(scheme__key="community-monthly").count() == 1


class TestTrying:
    def address(self, made, key="community-monthly"):
        return f"/assessment/schemes/{key}/try/{SchemeVersion.objects.filter(scheme__key=key).latest('pk').pk}/"

    def test_of_posts_only_superiors(self, made):
        assert visitor(made, "section").get(self.address(made, "grid-monthly")).status_code == 403
        assert "社区16网格员" in visitor(made, "secretary").get(self.address(made, "grid-monthly")).content.decode()

    def test_another_period_may_be_chosen(self, made):
        page = visitor(made, "section").get(self.address(made) + "?day=2020-07-01").content.decode()
        assert '<option value="2020-07-01" selected>' in page

    @pytest.mark.parametrize("more", [2, 6])
    def test_it_takes_the_same_queries_however_many_members(self, db, more, django_assert_num_queries):
        found = assessed(more=more)
        reader, address = visitor(found, "section"), self.address(found)
        reader.get(address)
        with django_assert_num_queries(30):
            reader.get(address)

    def test_the_api_tells_the_same_and_stores_nothing(self, made):
        marked(made)
        let_clock_show(made, AFTER)
        chief = api(made, "secretary")
        told = chief.get("schemes/community-monthly/try?version=2&day=2020-08-15").json()
        assert (told["base"], told["version"], told["since"], len(told["members"])) == (1, 2, "2020-08-01", 8)
        assert {"type": "naming", "before": 1, "after": 1} in told["follows"]
        assert not Score.objects.exists()
        for wrong, status in (("version=9&day=2020-08-15", 404), ("version=2&day=9999-12-31", 422)):
            assert chief.get(f"schemes/community-monthly/try?{wrong}").status_code == status


class TestMarks:
    def test_one_marks_and_another_confirms(self, made):
        marked(made)
        october = date(2020, 10, 20)
        [case] = closed(made, "社区11网格", 1, day=OCTOBER)
        sent = {
            "do": "mark", "member": f"place-{made.places['社区11'].pk}", "item": "order", "mark": "85",
            "evidence": "通道畅通", "record": f"http://localhost/cases/{case.pk}/",
        }  # fmt: skip
        clerk = visitor(made, "section", october)
        assert clerk.post(MARKS + "now/", form(**sent)).status_code == 302
        one = Mark.objects.get()
        assert (one.since, one.record_type, one.record_id) == (OCTOBER, "case", case.pk)
        assert 'value="confirm"' not in clerk.get(MARKS + "now/").content.decode()
        chief = visitor(made, "secretary", october)
        assert "社区11" in chief.get("/assessment/decisions/").content.decode()
        page = chief.get(MARKS + "2020-10-09/").content.decode()
        assert 'value="confirm"' in page and f"/cases/{case.pk}/" in page
        chief.post(MARKS + "2020-10-01/", form(do="confirm", one=one.pk))
        one.refresh_from_db()
        assert one.status == "confirmed"

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"mark": "101"}, "between 0 and 100"), ({"mark": "x"}, "between 0 and 100"),
            ({"evidence": ""}, "without evidence"), ({"record": "case 12"}, "Paste the address"),
            ({"member": "post-1"}, "Choose one of those"), ({"do": "shout"}, "Choose what to do"),
        ],
    )  # fmt: skip
    def test_bad_input_shows_the_form_again(self, made, sent, said):
        marked(made)
        whole = {
            "do": "mark", "member": f"place-{made.places['社区11'].pk}", "item": "order", "mark": "85",
            "evidence": "通道畅通",
        }  # fmt: skip
        page = visitor(made, "section", date(2020, 10, 20)).post(MARKS + "now/", form(**(whole | sent)))
        assert (page.status_code, said in page.content.decode()) == (422, True)
        assert not Mark.objects.exists()

    def test_a_refusal_is_kept_with_its_reason(self, made):
        marked(made)
        one = given(made)
        chief = visitor(made, "secretary", date(2020, 10, 20))
        chief.post(MARKS + "now/", form(do="refuse", one=one.pk, reason="照片不清"))
        assert "照片不清" in chief.get(MARKS + "now/").content.decode()

    def test_a_score_says_who_marked_and_a_later_mark_that_it_does_not_count(self, made):
        marked(made)
        chief, at = made.actor("secretary"), moment(date(2020, 11, 3))
        confirm_mark(actor=chief, at=moment(date(2020, 10, 21)), mark=given(made))
        run = month(made, day=OCTOBER, at=at)
        publish_run(actor=made.actor("section"), at=at, run=run)
        reader = visitor(made, "community", date(2020, 11, 4))
        page = reader.get(f"/assessment/scores/{scores(run)['社区11'].pk}/").content.decode()
        assert "通道畅通" in page and "marked by" in page
        late = given(made, 12, at=at)
        confirm_mark(actor=chief, at=moment(date(2020, 11, 4), 9), mark=late)
        for address in (f"/assessment/runs/{run.pk}/", MARKS + "2020-10-01/"):
            page = visitor(made, "secretary", date(2020, 11, 4)).get(address).content.decode()
            assert "1 mark was confirmed since the period was computed" in page

    @pytest.mark.parametrize("n", [1, 3])
    def test_the_list_takes_the_same_queries_however_many_marks(self, made, n, django_assert_num_queries):
        marked(made)
        for each in range(n):
            given(made, 11 + each)
        reader = visitor(made, "secretary", date(2020, 10, 20))
        reader.get(MARKS + "now/")
        with django_assert_num_queries(12):
            reader.get(MARKS + "now/")

    @pytest.mark.parametrize("day", ["yesterday", "2020-13-01", "9999-12-31"])
    def test_a_day_that_is_none_is_refused(self, made, day):
        assert visitor(made, "secretary").get(f"{MARKS}{day}/").status_code == 422


def test_a_day_far_ahead_is_refused_in_words(made):
    page = visitor(made, "section").post("/assessment/schemes/community-monthly/", form(day="9999-12-31"))
    assert page.status_code == 422


def test_the_months_before_the_office_marks_nothing(made):
    assert "No item of this version is marked" in visitor(made, "section").get(f"{MARKS}{AUGUST}/").content.decode()
