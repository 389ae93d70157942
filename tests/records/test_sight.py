"""Who sees records of a restricted kind: whom they are given to, who entered them, and nobody by place or rank."""

from typing import Any

import pytest
from django.db.models import Model

from tests.factories.calls import api
from tests.factories.office import MONDAY, Office, moment, office, project
from tests.records.test_files import picture
from tests.web.visiting import signed_in
from zijing.cases.actions import dispatch
from zijing.core.errors import Invalid
from zijing.figures.queries import records_of
from zijing.packs.intake import record
from zijing.people.actions import assign
from zijing.people.models import Post, Unit
from zijing.records.files import Upload, attach, store
from zijing.records.models import Kind, Record
from zijing.registers.actions import put_entries

pytestmark = pytest.mark.django_db

# A kind of each noun, who enters it, and what.
NOUNS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "register": ("enterprise", "section", {"code": "E1", "name": "甲", "sector": "工业", "status": "规上", "place": "示例社区01"}),
    "activity": ("inspection", "section", {"date": "2020-09-07", "project": "X01", "summary": "看了一遍"}),
    "commitment": ("indicator", "section", {"code": "T1", "name": "指标", "target": "5", "unit": "亿元", "bound": "不低于", "deadline": "2020-12-31"}),
    "case": ("issue", "community", {"what": "邻里纠纷", "class": "其他", "place": "示例社区01"}),
}  # fmt: skip
ROLES = (
    "secretary",
    "director",
    "leader",
    "project_office",
    "section",
    "team",
    "community",
    "grid",
    "county",
    "system_admin",
)


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture(params=NOUNS)
def secret(made: Office, request: Any) -> Record:
    """A record of a restricted kind of each noun, with a photo."""
    key, role, values = NOUNS[request.param]
    project(made)
    kind = Kind.objects.get(key=key)
    choices = {f.key: {zh: k for k, zh, _en in f.choices} for f in kind.fields if f.choices}
    values = {k: choices.get(k, {}).get(v, next(iter(choices.get(k, {}).values()), v)) for k, v in values.items()}
    found = record(actor=made.actor(role), at=moment(MONDAY), kind=kind, values=values)
    Kind.objects.filter(pk=kind.pk).update(restricted=True)
    file = store(actor=made.system, at=moment(MONDAY), sent=Upload(picture(), "x.png"))
    attach(actor=made.system, at=moment(MONDAY), subject=found, file=file, part="document")
    return found


def entered_by(secret: Record) -> str:
    return NOUNS[secret.kind.noun][1]


def seers(made: Office, secret: Record) -> set[str]:
    return {r for r in ROLES if records_of(secret.kind.noun, made.actor(r)).filter(pk=secret.pk).exists()}


def give(made: Office, secret: Model, to: Unit | Post, part: str = "lead") -> None:
    assign(actor=made.system, at=moment(MONDAY), subject=secret, path=secret.path, part=part, to=[to])  # type: ignore[attr-defined]


def test_neither_rank_nor_place_shows_it(made: Office, secret: Record) -> None:
    assert seers(made, secret) == {entered_by(secret)}


def test_it_is_seen_by_the_post_and_by_the_unit_it_is_given_to(made: Office, secret: Record) -> None:
    give(made, secret, made.posts["leader"])
    give(made, secret, made.posts["team"].unit, "assisting")
    assert seers(made, secret) == {entered_by(secret), "leader", "team"}


def test_the_unit_that_keeps_it_does_not_show_it_but_a_case_follows_its_turn(made: Office, secret: Record) -> None:
    type(secret)._default_manager.filter(pk=secret.pk).update(unit=made.posts["team"].unit)
    turn = {"team"} if secret.kind.noun == "case" else set()
    assert seers(made, secret) == {entered_by(secret)} | turn


def test_no_door_opens_it(made: Office, secret: Record) -> None:
    key, noun = secret.kind.key, secret.kind.noun
    file = records_of(noun, made.system).get(pk=secret.pk)
    attached = f"/files/{_file_of(file)}/"
    doors = [f"/records/{noun}/{secret.pk}/", attached, *([f"/cases/{secret.pk}/"] if noun == "case" else [])]
    calls = [f"records/{noun}/{secret.pk}", *([f"cases/{secret.pk}"] if noun == "case" else [])]
    for role, status in (("secretary", 404), ("county", 404), (entered_by(secret), 200)):
        web, caller = signed_in(made, role), api(made, role)
        answers = [web.get(url, follow=True).status_code for url in doors] + [caller.get(c).status_code for c in calls]
        assert set(answers) == {status}, (role, answers)
        listed = secret.title in web.get(f"/list/{key}/").content.decode()
        told = secret.pk in [r["id"] for r in caller.get(f"lists/{key}").json()["records"]]
        assert (listed, told) == (status == 200, status == 200), role


def _file_of(record: Record) -> int:
    from zijing.records.files import attachments_of

    return attachments_of(record)[0].file_id


def test_the_approver_outside_the_area_opens_exactly_that_record(made: Office) -> None:
    target = project(made)
    kind = Kind.objects.get(key="blocker")
    values = {"project": f"#{target.pk}", "class": "utilities", "what": "停水"}
    case = record(actor=made.actor("team"), at=moment(MONDAY), kind=kind, values=values)
    give(made, target.entry, made.posts["community2"], "approver")
    approver = signed_in(made, "community2")
    assert approver.get(f"/records/register/{target.pk}/", follow=True).status_code == 200
    assert approver.get(f"/cases/{case.pk}/").status_code == 404
    other = project(made, "X02")
    assert approver.get(f"/records/register/{other.pk}/", follow=True).status_code == 404


def test_a_restricted_case_dispatched_is_handled_and_then_out_of_sight(made: Office) -> None:
    kind = Kind.objects.get(key="issue")
    values = {"what": "邻里纠纷", "class": kind.by_key["class"].choices[0][0], "place": "示例社区01"}
    case = record(actor=made.actor("community"), at=moment(MONDAY), kind=kind, values=values)
    Kind.objects.filter(pk=kind.pk).update(restricted=True)
    dispatch(actor=made.system, at=moment(MONDAY, 10), case=case, unit=made.posts["section"].unit)  # type: ignore[arg-type]
    assert seers(made, case) == {"community", "section"}


def test_a_sheet_does_not_change_what_its_sender_may_not_see(made: Office) -> None:
    kind = Kind.objects.get(key="enterprise")
    Kind.objects.filter(pk=kind.pk).update(restricted=True)
    kind.refresh_from_db()
    row = {"code": "E1", "name": "甲", "place": made.places["示例社区01"].pk}
    put_entries(actor=made.actor("section"), at=moment(MONDAY), kind=kind, rows=[row], place=made.place)
    with pytest.raises(Invalid, match="E1"):
        put_entries(
            actor=made.actor("project_office"),
            at=moment(MONDAY),
            kind=kind,
            rows=[row | {"name": "乙"}],
            place=made.place,
        )
    again = put_entries(
        actor=made.actor("section"), at=moment(MONDAY), kind=kind, rows=[row | {"name": "丙"}], place=made.place
    )
    assert [p.outcome for p in again] == ["changed"]


def test_an_assignment_of_the_future_shows_nothing_yet_and_an_ended_one_nothing_more(
    made: Office, secret: Record
) -> None:
    from datetime import date

    from zijing.people.models import Assignment

    give(made, secret, made.posts["leader"])
    Assignment.objects.filter(post=made.posts["leader"]).update(since=date(2020, 9, 8))
    assert "leader" not in seers(made, secret)
    Assignment.objects.filter(post=made.posts["leader"]).update(since=date(2020, 9, 1), until=date(2020, 9, 6))
    assert "leader" not in seers(made, secret)
    Assignment.objects.filter(post=made.posts["leader"]).update(until=date(2020, 9, 7))
    assert "leader" in seers(made, secret)
