"""Founding offices, packs, keys, passwords, ticks at the command line."""

from datetime import datetime

import pytest

from tests.cli.conftest import Cli
from tests.factories.calls import Api
from tests.factories.office import Office, office
from zijing.cli.working import Beats, ticks
from zijing.core.worktime import ZONE
from zijing.outbox import rhythm
from zijing.outbox.models import Pulse, Rhythm
from zijing.places.models import Place


@pytest.mark.django_db
def test_an_office_and_its_county(cli: Cli) -> None:
    assert cli("init", "410181005000", "紫荆路街道", "--county", "410181000000", "巩义市").exit_code == 0
    listed = cli("office", "list").stdout
    assert "410181005000  紫荆路街道" in listed
    assert "410181000000  巩义市" in listed
    assert cli("init", "410181006000", "新华路街道", "--county", "410181000000", "巩义市").exit_code == 0
    assert Place.objects.offices().count() == 3


@pytest.mark.django_db
def test_an_office_is_founded_once_and_a_county_keeps_its_name(cli: Cli) -> None:
    cli("init", "410181005000", "紫荆路街道", "--county", "410181000000", "巩义市")
    assert cli("init", "410181005000", "紫荆路街道").exit_code == 1
    wrong = cli("init", "410181006000", "新华路街道", "--county", "410181000000", "别的市")
    assert (wrong.exit_code, wrong.stderr) == (1, "410181000000 is 巩义市.\n")
    assert Place.objects.offices().count() == 2


@pytest.mark.django_db
def test_without_an_office_commands_say_how_to_found_one(cli: Cli) -> None:
    result = cli("rank")
    assert result.exit_code == 1
    assert "zijing init" in result.stderr


def test_of_several_offices_one_must_be_named(cli: Cli, made: Office) -> None:
    assert cli("rank").exit_code == 0
    cli("init", "410181006000", "新华路街道")
    result = cli("rank")
    assert result.exit_code == 1
    assert "410181005000, 410181006000" in result.stderr
    assert cli("rank", "--office", "410181005000").exit_code == cli("rank", "--office", "410181005").exit_code == 0
    assert cli("rank", "--office", "410181007000").exit_code == 1


@pytest.mark.django_db
def test_packs_are_checked_compared_and_applied(cli: Cli) -> None:
    assert cli("pack", "check", "base", "project-drive").exit_code == 0
    without_office = cli("pack", "apply", "base")
    assert (without_office.exit_code, "zijing init" in without_office.stderr) == (1, True)
    cli("init", "410181005000", "紫荆路街道")
    assert "+ kind “Enterprise” (enterprise): 8 fields" in cli("pack", "diff", "base").stdout
    wrong_order = cli("pack", "apply", "project-drive")
    assert (wrong_order.exit_code, wrong_order.stderr) == (1, "Apply the pack “base” first.\n")
    assert cli("pack", "apply", "base", "project-drive").exit_code == 0
    assert "nothing to change" in cli("pack", "apply", "base").stdout
    assert "nothing to change" in cli("pack", "diff", "project-drive").stdout
    assert cli("pack", "check", "moon").exit_code == 1


def test_a_key_is_made_and_ended(cli: Cli, made: Office) -> None:
    username = made.account("team").username
    made_key = cli("token", "create", username, "P-team", "phone")
    caller = Api(made_key.stdout.strip())
    assert caller.get("me").json()["role"] == "team"
    assert cli("token", "create", username, "P-secretary", "phone").exit_code == 1
    assert cli("token", "revoke", username, "tablet").exit_code == 1
    assert cli("token", "revoke", username, "phone").exit_code == 0
    assert caller.get("me").status_code == 401
    assert cli("token", "revoke", username, "phone").exit_code == 1


def test_a_password_is_asked_for_twice_and_checked(cli: Cli, made: Office) -> None:
    username = made.account("team").username
    weak = cli("password", username, typed="123456\n123456\n")
    assert weak.exit_code == 1
    good = cli("password", username, typed="zijing-hua-kai\nzijing-hua-kai\n")
    assert good.exit_code == 0
    assert made.account("team").check_password("zijing-hua-kai")
    assert "zijing-hua-kai" not in good.stdout
    assert cli("password", "nobody").exit_code == 1


def test_a_tick_does_what_is_due(cli: Cli, made: Office) -> None:
    result = cli("tick", "--office", "410181005000", "--at", "2020-01-03T18:00")
    assert result.stdout == "紫荆路街道: 3 done\n"  # the day the office was founded and the day after
    assert cli("tick", "--office", "410181005000", "--at", "2020-01-03T18:00").stdout == "紫荆路街道: 0 done\n"
    assert Rhythm.objects.get(office=made.place, key="daily-report").last_at == datetime(2020, 1, 3, 18, tzinfo=ZONE)


def test_a_failing_office_does_not_stop_the_others(made: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    other = office("410181006000", "示例街道")
    rhythms = Rhythm.objects.exclude(key="daily-report")
    rhythms.update(next_at=datetime(2030, 1, 1, tzinfo=ZONE))
    day = datetime(2020, 9, 4, 18, tzinfo=ZONE)
    Rhythm.objects.filter(key="daily-report").update(next_at=day)
    Rhythm.objects.filter(key="daily-report", office=other.place).update(task="no.such_task")
    assert "no.such_task" not in rhythm.known_tasks()
    assert ticks(Beats(), lambda: True) == 1
    assert Pulse.objects.get(office=other.place, name="ticks").succeeded_at is None
    assert Rhythm.objects.get(office=other.place, key="daily-report").next_at == day
