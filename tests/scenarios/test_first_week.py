"""One week of an office, from nothing to the ranked board, through the command line and the API only."""

import json
import re
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from django.test import Client
from django.utils import translation

from zijing.cli.commands import zijing
from zijing.core.worktime import ZONE
from zijing.people.access import system_actor
from zijing.places.actions import set_clock
from zijing.places.models import Place

pytestmark = pytest.mark.django_db

OFFICE = "410181005000"
PLACES = [
    ("名称", "区划代码", "上级代码", "层级"),
    ("紫荆社区", "410181005001", OFFICE, "社区"),
    ("第一网格", "410181005001001", "410181005001", "网格"),
]
UNITS = [
    ("单位编号", "单位名称", "单位类型", "所在区划"),
    ("LD", "领导班子", "领导班子", OFFICE),
    ("XMB", "项目办", "科室", OFFICE),
    ("ZB", "项目专班", "专班", OFFICE),
]
POSTS = [
    ("岗位编号", "岗位名称", "所属单位", "角色", "开始日期", "账号"),
    ("SJ", "书记", "LD", "secretary", "2020-01-01", "shuji"),
    ("FB", "分包领导1", "LD", "leader", "2020-01-01", "fenbao"),
    ("XM", "项目办负责人", "XMB", "project_office", "2020-01-01", "xiangmuban"),
    ("ZB1", "专班1", "ZB", "team", "2020-01-01", "zhuanban"),
]
PROJECTS = [
    ("项目编号", "项目名称", "项目类型", "所在村社区", "总投资", "承诺完成日期", "分包领导", "项目专班"),
    ("P1", "一号院", "保障房", "410181005001", "3.2亿元", "2020年9月30日", "FB", "ZB"),
    ("P2", "二号院", "保障房", "410181005001", "1.5", "2020-09-30", "FB", "ZB"),
    ("P3", "三号路", "市重点", "410181005001", "8000万元", "2020-09-30", "FB", "ZB"),
]
STAGES = [("节点编号", "所属项目", "节点名称", "权重", "计划开始", "计划完成")] + [
    row
    for p in ("P1", "P2", "P3")
    for row in (
        (f"{p}-1", p, "基础施工", 40, "2020-08-01", "2020-08-31"),
        (f"{p}-2", p, "主体施工", 60, "2020-09-01", "2020-09-30"),
    )
]
# Percent of the second stage by working day; on Sunday the 13th 13 of its 30 days have passed: 66.0 planned in all.
SHARES = {"P1": (20, 30, 40, 50, 60), "P2": (8, 16, 24, 32, 40), "P3": (2, 4, 6, 8, 10)}
DAYS = ("2020-09-07", "2020-09-08", "2020-09-09", "2020-09-10", "2020-09-11")


def cli(*args: str) -> Result:
    """Run a command in English."""
    with translation.override("en"):
        return CliRunner().invoke(zijing, ["--lang", "en", *args])


def run(*args: str) -> str:
    """Run a command that must succeed; what it printed."""
    result = cli(*args)
    assert result.exit_code == 0, result.output
    return result.stdout


def bring(folder: Path, kind: str, rows: list[tuple[Any, ...]]) -> None:
    """Write rows into a workbook and import it by the command."""
    path = folder / f"{kind}.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    run("import", kind, str(path))


def clock_shows(moment: str) -> None:
    """Let the office's clock show this time."""
    office = Place.objects.with_code(OFFICE).get()
    at = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    set_clock(actor=system_actor(office), at=at, office=office, shows=at)


class Api:
    """The API as one post sees it."""

    def __init__(self, username: str, post: str) -> None:
        key = run("token", "create", username, post, "scenario").strip()
        self.headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
        self.client = Client()

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1/{path}", headers=self.headers)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def post(self, path: str, body: dict[str, Any], status: int = 200) -> Any:
        return self._send(self.client.post, path, body, status)

    def patch(self, path: str, body: dict[str, Any], status: int = 200) -> Any:
        return self._send(self.client.patch, path, body, status)

    def _send(self, method: Any, path: str, body: dict[str, Any], status: int) -> Any:
        answer = method(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=self.headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def report(self, project: int, day: str, stage: str, share: int, **more: Any) -> Any:
        body = {
            "client_id": str(uuid.uuid4()),
            "day": day,
            "values": {"stage": stage, "share": share, "crew": 12},
            **more,
        }
        return self.post(f"projects/{project}/reports", body, 201)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with people, three projects and their stages, on the Monday of the week."""
    run("init", OFFICE, "紫荆路街道", "--trial")
    clock_shows("2020-09-07T08:00")
    run("pack", "apply", "base", "project-drive")
    for kind, rows in (
        ("place", PLACES), ("unit", UNITS), ("post", POSTS), ("project", PROJECTS), ("milestone", STAGES),
    ):  # fmt: skip
        bring(tmp_path, kind, rows)
    return tmp_path


def five_days(team: Api, ids: dict[str, int]) -> None:
    """Daily reports of the week; the first day also closes the first stage, the third brings a blocker."""
    for n, day in enumerate(DAYS):
        clock_shows(f"{day}T17:00")
        for number, pk in ids.items():
            if n == 0:
                team.report(pk, day, f"{number}-1", 100)
            stuck = {"blocker": {"class": "funds", "what": "进度款未到位"}} if (n, number) == (2, "P3") else {}
            team.report(pk, day, f"{number}-2", SHARES[number][n], **stuck)


def standing(board: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The board in short: rank, number, points, light."""
    return [(x["rank"], x["project"]["number"], x["points"], x["light"]) for x in board["lines"]]


def settle_the_blocker(office: Api, team: Api) -> None:
    """From filed to closed, each step by whose turn it is."""
    [found] = office.get("lists/blocker?open=yes")["records"]
    case = office.get(f"cases/{found['id']}")
    assert case["stage"] == "filed"
    assert case["due_at"] == "2020-09-14T18:00:00+08:00"
    unit = office.get("me")["unit"]
    team_unit = team.get("me")["unit"]
    assert unit["id"] != team_unit["id"]
    path = f"cases/{case['id']}"
    office.post(f"{path}/dispatch", {"unit": team_unit["id"]})
    assert [move["verb"] for move in team.get(path)["next"]] == ["accept", "object"]
    team.post(f"{path}/accept", {})
    team.post(f"{path}/submit", {"reason": "进度款已到位"})
    closed = office.post(f"{path}/close", {})
    assert (closed["stage"], closed["closed_on_time"]) == ("closed", True)
    assert [s["verb"] for s in closed["steps"]] == ["file", "dispatch", "accept", "submit", "close"]
    again = office.post(f"{path}/close", {}, 409)
    assert "closed" in again["error"]["message"]


def test_from_nothing_to_the_ranked_board(office: Path) -> None:
    team, project_office, secretary = Api("zhuanban", "ZB1"), Api("xiangmuban", "XM"), Api("shuji", "SJ")
    ids = {p["number"]: p["id"] for p in team.get("projects")}
    assert sorted(ids) == ["P1", "P2", "P3"]
    five_days(team, ids)
    settle_the_blocker(project_office, team)

    clock_shows("2020-09-13T20:30")
    run("tick")
    board = secretary.get("board?week=2020-09-11")
    assert (board["week_start"], board["on"], board["published"]) == ("2020-09-07", "2020-09-13", True)
    assert standing(board) == [(1, "P1", "10", "green"), (2, "P2", "-2", "green"), (3, "P3", "-20", "red")]
    assert [x["open_blockers"] for x in board["lines"]] == [0, 0, 0]
    assert json.loads(run("rank", "--json"))["lines"][0]["title"] == "一号院"
    assert secretary.get("figures/reports.sent?since=2020-09-07&until=2020-09-13")["n"] == 18


def test_the_board_and_its_evidence_follow_every_change(office: Path) -> None:
    team, secretary = Api("zhuanban", "ZB1"), Api("shuji", "SJ")
    ids = {p["number"]: p["id"] for p in team.get("projects")}
    five_days(team, ids)
    clock_shows("2020-09-13T20:30")
    run("tick")

    def evidence(number: str) -> dict[str, str]:
        """Day to share of the reports that count, as the list shows them."""
        path = f"lists/daily-report?subject={ids[number]}&happened=2020-09-07..2020-09-13&f.stage={number}-2"
        return {r["happened_on"]: r["values"]["share"] for r in secretary.get(path)["records"]}

    last = {r["subject"]["id"]: r["id"] for r in secretary.get("lists/daily-report?happened=2020-09-11")["records"]}

    team.patch(f"reports/{last[ids['P3']]}", {"values": {"share": "45"}})
    assert evidence("P3")["2020-09-11"] == "45"
    published = standing(secretary.get("board"))
    assert standing(secretary.get("board?recount=true"))[1] == (2, "P3", "1", "green") != published[1]

    team.post(f"reports/{last[ids['P1']]}/withdraw", {"reason": "写错了项目"})
    assert "2020-09-11" not in evidence("P1")
    board = secretary.get("board?recount=true")
    assert [(x["project"]["number"], x["days_missing"], x["actual"]) for x in board["unranked"]] == [("P1", 1, "70")]
    assert standing(board) == [(1, "P3", "1", "green"), (2, "P2", "-2", "green")]

    team.report(ids["P1"], "2020-09-11", "P1-2", 55)
    assert evidence("P1")["2020-09-11"] == "55"
    board = secretary.get("board?recount=true")
    assert standing(board) == [(1, "P1", "7", "green"), (2, "P3", "1", "green"), (3, "P2", "-2", "green")]
    assert board["changed_since"] == 3
    assert standing(secretary.get("board")) == published, "what was published stays as it was"


def test_the_journal_of_the_week_can_be_checked_by_anyone(office: Path) -> None:
    team = Api("zhuanban", "ZB1")
    ids = {p["number"]: p["id"] for p in team.get("projects")}
    five_days(team, ids)
    assert "sound" in run("verify")

    copy = office / "journal.jsonl"
    run("export", "journal", "-o", str(copy))
    assert "sound" in run("verify", str(copy))

    lines = copy.read_bytes().splitlines(keepends=True)
    entry = json.loads(lines[20])
    lines[20] = re.sub(rb'"verb": "([a-z])', rb'"verb": "x', lines[20], count=1)
    copy.write_bytes(b"".join(lines))
    broken = cli("verify", str(copy))
    assert broken.exit_code == 1
    assert f"{entry['office']}/{entry['seq']}" in broken.stderr
