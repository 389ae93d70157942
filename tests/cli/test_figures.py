"""Ranking, publishing, figures, journal at the command line."""

import json
from pathlib import Path

from tests.cli.conftest import Cli
from tests.factories import office as offices
from tests.factories.office import MONDAY, Office
from zijing.journal.chain import verify


def test_the_ranking_as_a_table_and_as_json(cli: Cli, made: Office) -> None:
    target = offices.project(made)
    offices.say(made, target, MONDAY, 40)
    shown = cli("rank").stdout
    assert "Week of 2020-09-07, counted until 2020-09-07" in shown
    assert "示例项目X01" in shown
    facts = json.loads(cli("rank", "--json").stdout)
    [line] = facts["lines"]
    assert (line["title"], line["actual"], line["light"]) == ("示例项目X01", "20.0", "red")
    assert json.loads(cli("rank", "--json", "--week", "2020-08-31").stdout)["on"] == "2020-09-06"
    assert cli("rank", "--week", "2020-09-14").exit_code == 1
    assert cli("rank", "--week", "soon").exit_code == 2


def test_publishing_freezes_a_week(cli: Cli, made: Office) -> None:
    offices.project(made)
    first = cli("publish-ranking", "--week", "2020-09-02")
    assert first.exit_code == 0
    assert first.stdout.startswith("Week of 2020-08-31 published: digest ")
    assert cli("publish-ranking", "--week", "2020-09-06").stdout == first.stdout


def test_figures_are_listed_and_counted(cli: Cli, made: Office) -> None:
    offices.project(made)
    assert "projects.count" in cli("figures", "list").stdout
    facts = json.loads(cli("figures", "value", "projects.count", "--json").stdout)
    assert facts == {"key": "projects.count", "amount": "1", "shown": "1 个", "n": 1, "evidence": "/list/project/?"}
    assert cli("figures", "value", "moon").exit_code == 1


def test_figures_by_period_and_place_with_their_evidence(cli: Cli, made: Office) -> None:
    case = offices.blocker(made, offices.project(made))
    counted = cli("figures", "value", "cases.filed", "--period", "2020-09", "--place", "410181005001", "--json")
    assert json.loads(counted.stdout)["n"] == 1
    assert json.loads(cli("figures", "value", "cases.filed", "--period", "2020-08", "--json").stdout)["n"] == 0
    share = json.loads(cli("figures", "value", "cases.on_time_rate", "--period", "year", "--json").stdout)
    assert share["amount"] is None and [i["key"] for i in share["inputs"]] == ["cases.due_on_time", "cases.due"]
    behind = json.loads(cli("figures", "evidence", "cases.filed", "--period", "year", "--json").stdout)
    assert behind == [{"id": case.pk, "kind": "blocker", "title": str(case)}]
    assert str(case) in cli("figures", "evidence", "cases.filed").stdout
    steps = json.loads(cli("figures", "series", "cases.filed", "--period", "2020-Q3", "--json").stdout)
    assert [(s["since"], s["n"]) for s in steps] == [("2020-07-01", 0), ("2020-08-01", 0), ("2020-09-01", 1)]
    assert "2020-09-01" in cli("figures", "series", "cases.filed", "--period", "2020-Q3").stdout
    assert len(json.loads(cli("figures", "evidence", "forms.count", "--json").stdout)) > 5
    assert {f["key"] for f in json.loads(cli("figures", "list", "--json").stdout)} >= {"cases.filed", "projects.red"}
    for wrong in (("--place", "999999999999"), ("--period", "soon")):
        assert cli("figures", "value", "cases.filed", *wrong).exit_code == 1
    assert cli("figures", "series", "cases.open").exit_code == 1


def test_the_journal_verifies_and_a_copy_can_be_checked(cli: Cli, made: Office, tmp_path: Path) -> None:
    assert cli("verify").exit_code == 0
    assert cli("verify", "--office", "410181005000").stdout.startswith("紫荆路街道 (410181005000): sound, ")
    copy = tmp_path / "journal.jsonl"
    assert cli("export", "journal", "-o", str(copy)).exit_code == 0
    assert len(copy.read_text().splitlines()) == verify(made.place.pk).checked
    assert cli("verify", str(copy)).exit_code == 0
    assert cli("verify", str(tmp_path / "none.jsonl")).exit_code == 2


def test_a_copy_with_one_entry_missing_changed_or_unreadable_is_broken(cli: Cli, made: Office, tmp_path: Path) -> None:
    copy = tmp_path / "journal.jsonl"
    cli("export", "journal", "-o", str(copy))
    lines = copy.read_text().splitlines()
    for broken, named in (
        (lines[:3] + lines[4:], f"{made.place.pk}/5"),
        ([*lines[:3], lines[3].replace('"seq": 4', '"seq": 5'), *lines[4:]], f"{made.place.pk}/5"),
        ([*lines[:3], lines[3].replace('"channel": "', '"channel": "x'), *lines[4:]], f"{made.place.pk}/4"),
        ([*lines[:3], "{", *lines[4:]], "line 4"),
    ):
        copy.write_text("\n".join(broken) + "\n")
        result = cli("verify", str(copy))
        assert (result.exit_code, "BROKEN" in result.stderr) == (1, True)
        assert named in result.stderr
