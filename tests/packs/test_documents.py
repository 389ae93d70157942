"""The documents of packs: the reference is current, the sample pack is whole, and what it describes works."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories.office import FOUNDED, MONDAY, moment, office
from zijing.cases.models import Stage
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.packs import loader
from zijing.packs.actions import apply, diff
from zijing.packs.intake import record
from zijing.packs.loader import TABLES
from zijing.people.access import actor_of
from zijing.people.actions import put_posts, put_units
from zijing.people.models import Holding, Unit
from zijing.records.models import Kind

ROOT = Path(settings.ROOT)
SAMPLE = ROOT / "docs" / "sample-pack"


def test_the_reference_of_packs_is_current(tmp_path):
    command = [sys.executable, str(ROOT / "tools" / "packs.py"), "check"]
    own = {"ZIJING_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_sample_holds_one_of_everything_but_what_only_projects_have():
    made = loader.load(SAMPLE)
    assert {k.noun for k in made.kinds} == {"register", "activity", "case"}
    assert all(k.examples for k in made.kinds)
    assert {p.name for p in SAMPLE.iterdir()} >= {*TABLES, "pack.toml", "README.md"} - {
        "stage_templates.csv",
        "works.csv",
    }
    assert {f.measure for f in made.figures} >= {"count", "sum", "share"} and {f.measures for f in made.figures} == {
        "outcome",
        "effort",
    }


def test_every_file_of_the_sample_is_annotated():
    assert all("# " in path.read_text(encoding="utf-8") for path in SAMPLE.rglob("*.toml"))


@pytest.mark.django_db
def test_the_sample_is_applied_and_used():
    made = office()
    pack = loader.load(SAMPLE)
    apply(at=FOUNDED, pack=pack, offices=[made.place])
    assert diff(pack, [made.place]) == []
    place = made.places["示例社区01"]
    put_units(
        actor=made.system,
        at=FOUNDED,
        rows=[{"code": "SQ", "name": "居委会", "kind": "community_committee", "place": place}],
    )
    row = {
        "code": "QG", "title": "保管员", "unit": Unit.objects.get(code="SQ"), "role": "gear_keeper", "place": place,
        "since": FOUNDED.date(), "account": "keeper",
    }  # fmt: skip
    put_posts(actor=made.system, at=FOUNDED, rows=[row])
    keeper = actor_of(Holding.objects.get(post__code="QG"), channel="test", on=MONDAY)

    def enter(kind, **more):
        found = Kind.objects.get(key=kind)
        values = {**found.definition["examples"][0], **more}
        return record(actor=keeper, at=moment(MONDAY), kind=found, values=values)

    gear = enter("gear")
    loan, broken = enter("loan", date=MONDAY), enter("gear-damage", harm="有安全风险")
    assert (gear.quantity, gear.amount_fen, loan.subject_id) == (12, 960_00, gear.pk)
    assert (broken.stage, broken.due_at) == (Stage.DISPATCHED, moment(MONDAY) + timedelta(hours=24))
    shown = value(find("gear_damage.dangerous_share"), keeper, at=moment(MONDAY), since=date(2020, 9, 1), until=MONDAY)
    assert shown.amount == 100
