"""The pages of packs: what an edition changes is read before it is applied; the review is read as it was published."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as own

from tests.factories import office as offices
from tests.factories.office import MONDAY, moment, pack, project
from tests.web.visiting import signed_in
from zijing.commitments.actions import publish_review, publish_standing, state
from zijing.journal.models import JournalEntry
from zijing.packs.actions import apply
from zijing.packs.intake import record
from zijing.packs.models import Adoption
from zijing.people.actions import put_posts
from zijing.people.models import Post
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db
LIST, REVIEWS = 15, 5


@pytest.fixture
def made():
    return offices.office()


@pytest.fixture
def folder(tmp_path, settings):
    shutil.copytree(own.PACKS, tmp_path / "packs")
    settings.PACKS = tmp_path / "packs"
    return tmp_path / "packs"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def page(made, address="/packs/", role="system_admin"):
    return signed_in(made, role).get(address)


class TestPacks:
    def test_what_is_applied_and_what_is_not(self, made):
        text = page(made).content.decode()
        assert "2021.1" in text and all(f"/packs/{key}/" in text for key in ("base", "project-drive", "hazards"))

    def test_a_new_edition_is_said_in_words_and_applied_once_read(self, made, folder):
        Adoption.objects.filter(office=made.county, pack__key="project-drive").delete()
        edit(folder / "project-drive/kinds/blocker.toml", "amount = 3", "amount = 2")
        client = signed_in(made, "system_admin")
        text = client.get("/packs/project-drive/").content.decode()
        assert "(blocker)" in text and "→" in text
        assert client.post("/packs/project-drive/", {}).status_code == 422
        assert Kind.objects.get(key="blocker").definition["limit"]["amount"] == 3
        assert client.post("/packs/project-drive/", {"read": "yes"}).status_code == 302
        assert Kind.objects.get(key="blocker").definition["limit"]["amount"] == 2
        last = JournalEntry.objects.filter(verb="packs.apply").latest("pk")
        assert (last.office, last.post) == (made.place.pk, made.posts["system_admin"].pk)
        assert 'type="checkbox"' not in client.get("/packs/project-drive/").content.decode()

    def test_a_pack_of_its_own_office_is_taken_over(self, made):
        client = signed_in(made, "system_admin")
        assert client.post("/packs/hazards/", {"read": "yes"}).status_code == 302
        assert Adoption.objects.get(pack__key="hazards").office == made.place
        assert client.get("/list/hazard/").status_code == 200

    def test_a_loss_is_named_and_nothing_offered(self, made, folder):
        project(made, owner="示例企业")
        kind = folder / "project-drive/kinds/project.toml"
        text = kind.read_text(encoding="utf-8")
        start = text.index('[[fields]]\nkey = "owner"')
        kind.write_text(text[:start] + text[text.index("[[fields]]", start + 1) :], encoding="utf-8")
        client = signed_in(made, "system_admin")
        shown = client.get("/packs/project-drive/").content.decode()
        assert "owner" in shown and "X01" in shown and 'name="read"' not in shown
        assert client.post("/packs/project-drive/", {"read": "yes"}).status_code == 422
        assert "owner" in Kind.objects.get(key="project").by_key

    def test_a_folder_with_faults_is_shown_with_them(self, made, folder):
        (folder / "hazards/pack.toml").write_text("key =", encoding="utf-8")
        assert page(made).status_code == 200
        assert "hazards/pack.toml" in page(made, "/packs/hazards/").content.decode()

    def test_what_others_work_with_is_not_changed_from_here(self, made, folder):
        edit(folder / "base/kinds/issue.toml", "amount = 5", "amount = 4")
        assert signed_in(made, "system_admin").post("/packs/base/", {"read": "yes"}).status_code == 403
        assert Kind.objects.get(key="issue").definition["limit"]["amount"] == 5

    @pytest.mark.parametrize("key", ["moon", "..", "base%2Fkinds"])
    def test_no_such_pack(self, made, key):
        assert page(made, f"/packs/{key}/").status_code == 404

    @pytest.mark.parametrize("role", ["secretary", "section", "security_admin", "audit_admin", "county"])
    def test_nobody_else(self, made, role):
        client = signed_in(made, role)
        assert [client.get("/packs/").status_code, client.post("/packs/base/", {"read": "yes"}).status_code] == [
            403,
            403,
        ]


class TestReviews:
    @pytest.fixture
    def stated(self, made):
        apply(at=offices.FOUNDED, pack=pack("targets"), offices=[made.place])
        for n in (1, 2, 3):
            values = {
                "code": f"Z{n}", "name": f"指标{n}", "target": "200", "unit": "家", "bound": "不低于", "deadline": "2020-12-31",
                "lead": f"#{made.posts['section'].unit_id}", "joint_posts": f"#{made.posts['leader'].pk}",
            }  # fmt: skip
            target = record(
                actor=made.system, at=offices.FOUNDED, kind=Kind.objects.get(key="indicator"), values=values
            )
            if n < 3:
                state(
                    actor=made.system,
                    at=moment(MONDAY, 8),
                    commitment=target,
                    period=MONDAY,
                    value=90 * n,
                    status="actual",
                )
        return publish_review(actor=made.system, at=moment(MONDAY), office=made.place)

    def test_where_each_stands_and_who_answers(self, made, stated):
        text = page(made, "/reviews/", "secretary").content.decode()
        assert "Z1 指标1" in text and "45%" in text and "68.6%" in text and "leader岗" in text and "section单位" in text

    def test_frozen_it_stays(self, made, stated):
        kind = Kind.objects.get(key="indicator")
        record(actor=made.system, at=moment(MONDAY, 11), kind=kind, values={
            "code": "Z9", "name": "后来的", "target": "1", "unit": "家", "bound": "不低于", "deadline": "2020-12-31",
        })  # fmt: skip
        assert "后来的" not in page(made, f"/reviews/{stated.pk}/", "secretary").content.decode()

    def test_the_standing_of_units(self, made, stated):
        made_standing = publish_standing(actor=made.system, at=moment(MONDAY, 17), office=made.place)
        text = page(made, f"/reviews/{made_standing.pk}/", "secretary").content.decode()
        assert "section单位" in text

    def test_none_yet(self, made):
        assert page(made, "/reviews/", "secretary").status_code == 200

    def test_more_of_them_cost_no_more_queries(self, made, stated, django_assert_num_queries):
        reader = signed_in(made, "secretary")
        reader.get("/reviews/")
        with django_assert_num_queries(REVIEWS):
            reader.get("/reviews/")
        for n in (1, 2):
            publish_review(actor=made.system, at=moment(MONDAY) + timedelta(days=n), office=made.place)
        with django_assert_num_queries(REVIEWS):
            reader.get("/reviews/")


def test_the_list_of_packs_costs_the_same_however_many_there_are_and_have_them(made, folder, django_assert_num_queries):
    client = signed_in(made, "system_admin")

    def costs_the_same():
        client.get("/packs/")  # people may have changed: what an account holds is read anew
        with django_assert_num_queries(LIST):
            client.get("/packs/")

    costs_the_same()
    offices.office("410181006000", "别的街道")
    costs_the_same()
    for path in folder.iterdir():
        if path.name not in {"base", "project-drive"}:
            shutil.rmtree(path)
    costs_the_same()


def test_the_day_of_an_office_that_runs_its_own_cases(made):
    apply(at=offices.FOUNDED, pack=pack("hazards"), offices=[made.place])
    unit = made.posts["section"].unit
    row = {
        "code": "AJ", "title": "安监岗", "unit": unit, "role": "safety_office", "place": made.place,
        "since": offices.FOUNDED.date(), "account": "safety",
    }  # fmt: skip
    put_posts(actor=made.system, at=offices.FOUNDED, rows=[row])
    values = {"what": "飞线充电", "class": "用电", "severity": "一般隐患", "place": "第一网格"}
    record(actor=made.actor("grid"), at=moment(MONDAY), kind=Kind.objects.get(key="hazard"), values=values)
    made.posts["safety"] = Post.objects.get(code="AJ")
    text = signed_in(made, "safety").get("/today/").content.decode()
    assert "飞线充电" in text and "/list/hazard/?stage=filed" in text and "18:00" not in text.split("飞线充电")[0]
