"""Assessments by the API: the same verbs as the pages, dry runs that write nothing, and what is answered."""

from datetime import date

import pytest

from tests.factories.assessed import AFTER, assessed, closed, month, scores
from tests.factories.calls import api, let_clock_show
from tests.factories.office import moment
from zijing.assessment.actions import publish_run
from zijing.assessment.models import Appeal, Mark, Observation, Run, SchemeVersion, Score
from zijing.assessment.rhythms import compute_what_is_over

GRID = "schemes/grid-monthly/runs"
LATER = moment(date(2020, 9, 4), 9)


@pytest.fixture
def made(db):
    found = assessed()
    for n in range(11, 16):
        closed(found, f"社区{n}网格", 38, 2)
    closed(found, "社区16网格", 12, 28)
    let_clock_show(found, LATER)
    return found


def computed(made):
    return api(made, "section").post(GRID, {"day": "2020-08-15"}).json()["id"]


class TestApi:
    def test_a_dry_run_writes_nothing_and_shows_who_stands_where(self, made):
        told = api(made, "secretary").post("schemes/community-monthly/runs", {"day": "2020-08-15", "dry_run": True})
        assert told.status_code == 200
        found = told.json()
        assert (found["id"], found["since"], found["scores"][5]["label"]) == (None, "2020-08-01", "社区16")
        assert found["scores"][5]["last"] is True
        assert not Run.objects.exists()

    def test_a_dry_run_of_posts_is_for_who_reads_their_scores(self, made):
        assert api(made, "section").post(GRID, {"day": "2020-08-15", "dry_run": True}).status_code == 403
        assert api(made, "secretary").post(GRID, {"day": "2020-08-15", "dry_run": True}).status_code == 200

    def test_a_period_is_computed_once_made_public_and_decided_on(self, made):
        pk = computed(made)
        assert computed(made) == pk
        clerk, chief = api(made, "section"), api(made, "secretary")
        assert clerk.post(f"assessments/{pk}/propose", {}).json() == {"consequences": []}, "out of the clerk's sight"
        [one] = chief.post(f"assessments/{pk}/propose", {}).json()["consequences"]
        assert one["type"] == "observation"
        where = f"assessments/consequences/{one['id']}/decide"
        sent = {
            "confirm": True,
            "reason": "末位",
            "until": "2020-11-30",
            "plan": "带班",
            "helper": made.posts["community"].pk,
        }
        assert chief.post(where, sent).status_code == 422
        assert clerk.post(f"assessments/{pk}/publish", {}).json()["id"] == pk
        assert chief.post(where, {"confirm": True, "reason": "末位"}).json()["error"]["field"] == "helper"
        assert chief.post(where, sent).json()["status"] == "confirmed"
        assert chief.post(where, sent).status_code == 409
        assert Observation.objects.get().helper == made.posts["community"]
        lifted = chief.post(f"assessments/consequences/{one['id']}/lift", {"reason": "已整改"})
        assert lifted.json() == {"id": one["id"], "status": "lifted"}

    def test_a_grid_worker_appeals_and_reads_the_answer(self, made):
        api(made, "director").post(f"assessments/{computed(made)}/publish", {})
        own = Score.objects.get(post=made.posts["G16"])
        worker = api(made, "G16")
        assert worker.post(f"scores/{own.pk}/appeal", {"text": "停电两周"}).status_code == 201
        raised = Appeal.objects.get()
        where = f"assessments/appeals/{raised.pk}/decide"
        assert api(made, "director").post(where, {"accept": True, "reason": "属实"}).status_code == 403
        assert worker.post(where, {"accept": True, "reason": "属实"}).status_code == 403
        assert api(made, "secretary").post(where, {"accept": True, "reason": "属实"}).json()["status"] == "accepted"
        told = worker.get(f"scores/{own.pk}").json()
        assert (told["appeal"]["status"], told["appeal"]["reason"], told["score"]["exempt"]) == (
            "accepted",
            "属实",
            True,
        )
        assert [c["status"] for c in told["consequences"]] == ["lifted"]

    def test_a_mark_counts_when_another_person_has_confirmed_it(self, made):
        clerk, chief = api(made, "section"), api(made, "secretary")
        where = "schemes/community-quarterly/marks"
        sent = {"day": "2020-09-02", "item": "visit", "member": f"place-{made.places['社区11'].pk}", "mark": "85.5"}
        assert clerk.post(where, sent | {"evidence": " "}).json()["error"]["field"] == "evidence"
        assert clerk.post(where, sent | {"mark": "101", "evidence": "整洁"}).json()["error"]["field"] == "mark"
        pk = clerk.post(where, sent | {"evidence": "沿街整洁"}).json()["id"]
        assert clerk.post(f"marks/{pk}/confirm", {}).status_code == 403
        assert chief.post(f"marks/{pk}/confirm", {}).json() == {"id": pk, "status": "confirmed"}
        [told] = chief.get(f"{where}?day=2020-08-01").json()
        assert (told["mark"], told["status"], told["label"]) == ("85.5", "confirmed", "社区11")
        other = clerk.post(where, sent | {"member": f"place-{made.places['社区12'].pk}", "evidence": "乱"}).json()["id"]
        assert chief.post(f"marks/{other}/refuse", {"reason": "没有照片"}).json()["status"] == "refused"
        assert Mark.objects.count() == 2

    def test_an_own_version_is_made_and_withdrawn(self, made):
        chief, items = api(made, "secretary"), SchemeVersion.objects.get(scheme__key="grid-monthly").definition["items"]
        wrong = [items[0] | {"weight": "49"}, *items[1:]]
        refused = chief.post("schemes/grid-monthly/versions", {"since": "2020-10-01", "items": wrong})
        assert refused.status_code == 422 and "99" in refused.json()["error"]["message"]
        told = chief.post("schemes/grid-monthly/versions", {"since": "2020-10-01", "items": items}).json()
        assert (told["number"], told["since"]) == (2, "2020-10-01")
        assert chief.post(f"schemes/versions/{told['id']}/withdraw", {}).json()["status"] == "withdrawn"

    def test_the_same_request_counts_once(self, made):
        sent = {"day": "2020-08-15", "again": True, "client_id": "5a1f2020-4101-4100-8500-00000000000a"}
        clerk = api(made, "section")
        assert clerk.post(GRID, sent).json()["id"] == clerk.post(GRID, sent).json()["id"]
        assert Run.objects.count() == 1


class TestOffices:
    """A county assesses its towns."""

    def test_the_clock_computes_them_and_the_town_reads_what_is_published(self, made):
        compute_what_is_over(made.county, AFTER)
        run = Run.objects.get(version__scheme__key="office-monthly")
        [town] = Score.objects.filter(run=run, total__isnull=False)
        assert (town.label, town.rank, town.breakdown[0]["n"], town.breakdown[0]["met"]) == (
            made.place.name,
            1,
            240,
            202,
        )
        chief = api(made, "secretary")
        assert chief.get(f"assessments/{run.pk}").status_code == 404
        publish_run(actor=made.actor("county"), at=AFTER, run=run)
        assert [s["label"] for s in chief.get(f"assessments/{run.pk}").json()["scores"]] == [made.place.name]
        assert chief.post(f"scores/{town.pk}/appeal", {"text": "两件属上级审批"}).status_code == 201

    def test_a_town_does_not_assess_towns(self, made):
        refused = api(made, "section").post("schemes/office-monthly/runs", {"day": "2020-08-15"})
        assert refused.status_code == 422
        assert "A county assesses its towns" in refused.json()["error"]["message"]


def test_a_dry_run_finds_what_a_run_finds(made):
    told = api(made, "secretary").post(GRID, {"day": "2020-08-15", "dry_run": True}).json()["scores"]
    kept = scores(month(made, "grid-monthly"))
    assert {s["label"]: s["rank"] for s in told} == {label: s.rank for label, s in kept.items()}
