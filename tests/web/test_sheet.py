"""A case on paper: what it is, what its class says, each step, its photos, lines to sign on."""

import re
from typing import Any

import pytest

from tests.factories.office import MONDAY, Office, blocker, moment, office, pack, project
from tests.records.test_files import picture
from tests.web.visiting import signed_in
from zijing.cases.actions import dispatch
from zijing.cases.models import Case
from zijing.packs.actions import apply
from zijing.packs.intake import record
from zijing.people.models import Unit
from zijing.records.files import Upload, add
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db
QUERIES = 10


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def case(made: Office) -> Case:
    made_case: Case = blocker(made, project(made))
    unit = Unit.objects.get(pk=made.posts["team"].unit_id)
    dispatch(actor=made.actor("project_office"), at=moment(MONDAY, 11), case=made_case, unit=unit)
    return made_case


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_stands_on_it(made: Office, case: Case, language: str) -> None:
    answer = signed_in(made, "project_office", language=language).get(f"/cases/{case.pk}/sheet/")
    text = answer.content.decode()
    assert answer.status_code == 200 and "停水" in text
    assert [s["who"] for s in answer.context["steps"]] == ["team岗", "project_office岗"]
    assert text.count("sheet-line") == 4
    assert ("案件处理单" in text) == (language == "zh-hans")


def test_the_class_says_when_it_is_filed_and_what_is_to_be_done(made: Office) -> None:
    apply(at=moment(MONDAY), pack=pack("city-cases"), offices=[made.place])
    kind = Kind.objects.get(key="city-case")
    values = {"what": "井盖丢了", "class": "c0101-missing", "place": f"#{made.places['示例社区01'].pk}"}
    if "c0101-missing" not in kind.by_key["class"].titles:
        values["class"] = next(k for k in kind.by_key["class"].titles if k.startswith("c0101-"))
    case = record(actor=made.actor("grid"), at=moment(MONDAY), kind=kind, values=values)
    rules = signed_in(made, "secretary").get(f"/cases/{case.pk}/sheet/").context["rules"]
    assert [str(r.label) for r in rules] == ["Condition for filing", "What is to be done"] and all(
        r.text for r in rules
    )


def test_photos_stand_far_and_near_before_and_after(made: Office, case: Case, settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    for part in ("after", "near", "document", "before", "far"):
        add(
            actor=made.actor("team"), at=moment(MONDAY, 12), subject=case, sent=Upload(picture(), f"{part}.jpg"),
            part=part, right="cases.handle",
        )  # fmt: skip
    shown = signed_in(made, "team").get(f"/cases/{case.pk}/sheet/").context["photos"]
    assert [p.part for p in shown] == ["far", "near", "before", "after", "document"]


def test_who_does_not_see_the_case_prints_nothing(made: Office, case: Case) -> None:
    assert signed_in(made, "team2").get(f"/cases/{case.pk}/sheet/").status_code == 404


def test_personal_values_stay_masked(made: Office) -> None:
    definition = Kind.objects.get(key="issue").definition
    phone = {"key": "phone", "type": "phone", "title": {"zh": "电话", "en": "Telephone"}, "personal": True}
    fields = [*definition["fields"], phone]
    Kind.objects.filter(key="issue").update(definition=dict(definition) | {"fields": fields})
    values = {"what": "漏水", "class": "other", "place": f"#{made.places['第一网格'].pk}", "phone": "13812345678"}
    case = record(actor=made.actor("grid"), at=moment(MONDAY), kind=Kind.objects.get(key="issue"), values=values)
    text = signed_in(made, "secretary").get(f"/cases/{case.pk}/sheet/").content.decode()
    assert "13812345678" not in text and "****5678" in text


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_steps(made: Office, case: Case, n: int, django_assert_num_queries: Any) -> None:
    for i in range(n):
        case.steps.create(
            verb="rework", from_stage="checking", to_stage="handling", at=moment(MONDAY, 12, i), post=made.posts["team"]
        )
    client = signed_in(made, "secretary")
    client.get(f"/cases/{case.pk}/sheet/")
    with django_assert_num_queries(QUERIES):
        client.get(f"/cases/{case.pk}/sheet/")


def test_it_says_when_it_was_printed(made: Office, case: Case) -> None:
    text = signed_in(made, "project_office").get(f"/cases/{case.pk}/sheet/").content.decode()
    assert re.search(r'printed <time datetime="20\d\d-[^"]+">[^<]*\d\d:\d\d</time> ·', text)
