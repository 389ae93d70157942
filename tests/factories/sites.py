"""Projects with buildings, crews and stops, to be scheduled."""

from datetime import date
from typing import Any

from tests.factories.office import FOUNDED, Office, Plan, project
from zijing.projects.actions import put_buildings
from zijing.projects.models import Project
from zijing.records.kinds import kind_of
from zijing.registers.actions import put_entries


def site(made: Office, code: str = "X01", *, buildings: int = 2, floors: int = 10, **more: Any) -> Project:
    """A project of resettlement housing with buildings of so many storeys."""
    plans = [
        Plan("基础施工", 20, date(2020, 3, 1), date(2020, 5, 31)),
        Plan("主体封顶", 50, date(2020, 6, 1), date(2020, 9, 30)),
        Plan("二次结构与安装", 30, date(2020, 10, 1), date(2020, 12, 31)),
    ]
    found = project(made, code, plans=plans, **{"promised": date(2021, 6, 30), **more})
    rows = [
        {"code": f"{code}-B{n:02}", "project": found.pk, "name": f"{n}号楼", "floors": floors, "flats": 40}
        for n in range(1, buildings + 1)
    ]
    put_buildings(actor=made.system, at=FOUNDED, rows=rows, place=made.place)
    return found


def crew(made: Office, trade: str, number: int) -> None:
    """So many crews of a trade can work at once."""
    row = {"code": f"BZ-{trade}", "name": f"{trade}班组", "trade": trade, "number": number}
    put_entries(actor=made.system, at=FOUNDED, kind=kind_of("crew"), rows=[row], place=made.place)


def stop(made: Office, first: date, last: date, type: str = "winter", name: str = "冬季停工") -> None:
    """Works that this type halts stand still from a day to another."""
    row = {"code": f"TG-{first}", "name": name, "type": type, "first": first, "last": last}
    put_entries(actor=made.system, at=FOUNDED, kind=kind_of("stop"), rows=[row], place=made.place)
