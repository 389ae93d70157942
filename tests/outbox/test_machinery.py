"""The machinery page says what beats and what has gone silent; only administrators see it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import office as offices
from tests.web.visiting import signed_in
from zijing.core.errors import Refused
from zijing.outbox import machinery, pulse
from zijing.outbox.machinery import DAY, MINUTE
from zijing.search import index

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    office = offices.office()
    index.rebuild()
    return office


def all_beat(made, at):
    for office in (made.place, made.county):
        pulse.beat("ticks", at, every=MINUTE, office=office)
        pulse.beat("verify", at, every=DAY, office=office)
    pulse.beat("search", at, every=MINUTE)
    pulse.beat("messages", at, every=MINUTE)
    pulse.beat("channels", at, every=MINUTE)
    pulse.beat("jobs", at, every=MINUTE)


def test_before_the_work_process_has_run_everything_is_silent(made):
    found = machinery.report([made.place], timezone.now())
    assert not found.well
    assert {p.state for p in found.parts} == {"silent"}


def test_a_stopped_work_process_is_red_within_minutes(made):
    now = timezone.now()
    all_beat(made, now)
    assert all(p.well for p in machinery.report([made.place], now + timedelta(minutes=2)).parts)
    later = machinery.report([made.place], now + timedelta(minutes=4))
    assert {p.name for p in later.parts if not p.well} == {"ticks", "search", "messages", "jobs", "channels"}


def test_the_page_says_so_to_an_administrator_and_to_nobody_else(made):
    all_beat(made, timezone.now())
    page = signed_in(made, "system_admin").get("/machinery/").content.decode()
    assert "badge-red" not in page.partition("Measures")[0]
    assert "entries, <code>" in page
    all_beat(made, timezone.now() - timedelta(minutes=5))
    assert "badge-red" in signed_in(made, "system_admin").get("/machinery/").content.decode().partition("Measures")[0]
    assert signed_in(made, "secretary").get("/machinery/").status_code == 403
    with pytest.raises(Refused):
        machinery.read(actor=made.actor("team"), at=timezone.now())


def test_an_administrator_sees_the_own_office_and_the_county_its_offices(made):
    other = offices.office("410181006000", "杜甫路街道")
    seen = machinery.read(actor=made.actor("system_admin"), at=timezone.now())
    assert {h.office for h in seen.heads} == {"紫荆路街道"}
    assert "杜甫路街道" not in {p.office for p in seen.parts}
    assert {h.office for h in machinery.report([made.place, other.place], timezone.now()).heads} == {
        "紫荆路街道",
        "杜甫路街道",
    }


def test_a_failed_backup_and_a_broken_journal_are_red(made, settings, tmp_path):
    settings.BACKUPS = tmp_path
    all_beat(made, timezone.now())
    found = machinery.report([made.place], timezone.now())
    assert [p.name for p in found.parts if not p.well] == ["backup"]
    pulse.fail("verify", timezone.now() + MINUTE, every=DAY, office=made.place, note="1/17 (cases.close)")
    [broken] = [p for p in machinery.report([made.place], timezone.now()).parts if p.name == "verify"]
    assert (broken.state, broken.note) == ("failing", "1/17 (cases.close)")


def test_a_full_disk_and_a_lagging_index_are_red(made, monkeypatch):
    monkeypatch.setattr(machinery, "LEAST_FREE", 2**80)
    monkeypatch.setattr(index, "MOST_BEHIND", 0)
    offices.project(made)
    ill = [g for g in machinery.report([made.place], timezone.now()).gauges if not g.well]
    assert len(ill) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_offices(made, count, django_assert_num_queries):
    places = [made.place, *(offices.office(f"41018100{n}000", f"{n}街道").place for n in range(6, 5 + count))]
    from django.db import connection

    with django_assert_num_queries(10 if connection.vendor == "sqlite" else 11):
        machinery.report(places, timezone.now())
