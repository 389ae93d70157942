"""What is kept in memory is never out of date: the database's triggers see every change, whoever made it."""

import pytest
from django.apps import apps
from django.db import connection, transaction

from tests.factories import office as offices
from tests.factories.calls import Api, api, key_of
from zijing.core import stamps
from zijing.journal.acting import act
from zijing.people.models import Account, Post, Role, Token, Unit
from zijing.places.known import every_place, known_place
from zijing.places.models import Place
from zijing.records.kinds import every_kind, find_kind
from zijing.records.models import Kind

WATCHED = (
    "places_place", "places_placecode", "people_account", "people_role", "people_unit", "people_post", "people_holding",
    "people_token", "records_kind",
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return offices.office()


@pytest.mark.parametrize("table", WATCHED)
def test_every_watched_table_has_its_triggers(table):
    """A migration that builds a table anew (SQLite) loses its triggers: it has to watch it again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        names = {row[0].lower() for row in cursor.fetchall()}
    assert {f"stamp_{table}_{event}" for event in ("insert", "update", "delete")} <= names


def test_what_is_watched_are_our_tables():
    assert set(WATCHED) <= {m._meta.db_table for m in apps.get_models()}


def test_any_change_changes_the_stamp_and_nothing_else_does(made):
    before = stamps.now()
    assert stamps.now() == before
    Role.objects.filter(key="grid").update(title_en="Grid")
    after = stamps.now()
    assert after != before
    Account.objects.filter(pk=made.account("grid").pk).update(last_login=offices.FOUNDED)
    assert stamps.now() == after, "a sign-in changes nothing that is kept"


def test_a_rollback_brings_back_what_was(made):
    assert find_kind("issue").title_en == "Issue"
    try:
        with transaction.atomic():
            Kind.objects.filter(key="issue").update(title_en="Trouble")
            assert find_kind("issue").title_en == "Trouble"
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert find_kind("issue").title_en == "Issue"
    Kind.objects.filter(key="issue").update(title_en="Matter")
    assert find_kind("issue").title_en == "Matter"


def test_where_a_stamp_is_missing_nothing_is_kept(made):
    kept = stamps.Kept[int]()
    assert [kept.get("n", lambda: 1), kept.get("n", lambda: 2)] == [1, 1]
    apps.get_model("core", "Stamp").objects.filter(name="kinds").delete()
    assert [kept.get("n", lambda: 3), kept.get("n", lambda: 4)] == [3, 4]


def test_places_and_kinds_are_read_once(made, django_assert_num_queries):
    every_place(), every_kind()
    with django_assert_num_queries(2):  # the stamps
        every_place(), every_kind()
    first = made.places["第一网格"]
    Place.objects.filter(pk=first.pk).update(name="改名网格")
    assert known_place(first.pk).name == "改名网格"
    assert known_place(0) is None and find_kind("moon") is None


def test_inside_one_answer_the_stamps_are_read_once_and_anew_after_an_act(made, django_assert_num_queries):
    grid = made.places["第一网格"]
    every_place(), every_kind()
    with stamps.steady(), django_assert_num_queries(1):
        every_place(), every_kind(), known_place(grid.pk)
    with stamps.steady():
        assert known_place(grid.pk).name == "第一网格"
        with act(made.system, offices.FOUNDED):
            for name in ("甲网格", "乙网格"):
                Place.objects.filter(pk=grid.pk).update(name=name)
                assert known_place(grid.pk).name == name
            Place.objects.filter(pk=grid.pk).update(name="丙网格")
        assert known_place(grid.pk).name == "丙网格"


@pytest.mark.parametrize("end", ["token", "account", "post", "role"])
def test_a_key_ends_at_once(made, end):
    caller = api(made, "grid")
    assert caller.get("me").status_code == 200
    token = Token.objects.get(holding__post__code="P-grid")
    if end == "token":
        Token.objects.filter(pk=token.pk).update(revoked_at=offices.FOUNDED)
    elif end == "account":
        Account.objects.filter(pk=made.account("grid").pk).update(is_active=False)
    elif end == "post":
        offices.expire(made, "grid", offices.FOUNDED.date())
    else:
        Role.objects.filter(key="grid").update(verbs=[])
    answer = caller.get("me")
    assert answer.status_code == {"token": 401, "account": 401, "post": 403, "role": 200}[end]
    if end == "role":
        assert answer.json()["verbs"] == []


def test_a_key_known_to_nobody_is_forgotten_when_it_is_issued(made):
    key = key_of(made, "team")
    Token.objects.all().delete()
    assert Api(key).get("me").status_code == 401
    assert Api(key_of(made, "team")).get("me").status_code == 200


def test_a_unit_that_moves_receives_elsewhere(made):
    from zijing.cases.actions import receiving_unit

    kind = Kind(definition={"receiver": "place"})
    unit = Unit.objects.get(code="U-community")
    grid = made.places["第一网格"]
    assert receiving_unit(kind, {}, grid) is None
    Unit.objects.filter(pk=unit.pk).update(kind=Unit.Kind.COMMUNITY)
    assert receiving_unit(kind, {}, grid) == unit
    Unit.objects.filter(pk=unit.pk).update(place=made.places["示例村02"])
    assert receiving_unit(kind, {}, grid) is None
    assert Post.objects.filter(unit=unit).exists()
