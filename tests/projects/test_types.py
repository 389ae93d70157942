"""Types and levels of projects are the pack's: each has its stages, and a new one needs no code."""

import csv
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from tests.factories.office import MONDAY, Office, moment, office
from zijing.core.errors import Invalid
from zijing.packs import loader
from zijing.packs.actions import apply
from zijing.people.models import Assignment
from zijing.projects.actions import put_projects
from zijing.projects.models import Project, titles_of
from zijing.projects.queries import known_type

pytestmark = pytest.mark.django_db
PACK = Path(settings.PACKS) / "project-drive"


@pytest.fixture
def made() -> Office:
    return office()


def enter(made: Office, **values: Any) -> Project:
    row = {"code": "T01", "name": "测试项目", "type": "industry", "promised_on": date(2021, 6, 30), **values}
    [put] = put_projects(actor=made.system, at=moment(MONDAY), rows=[row], place=made.place)
    return Project.objects.get(pk=put.record.pk)


def templates() -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for row in csv.DictReader((PACK / "stage_templates.csv").open(encoding="utf-8")):
        sums[row["template"]] = sums.get(row["template"], Decimal(0)) + Decimal(row["weight"])
    return sums


def test_every_type_has_stages_that_make_a_whole(made: Office) -> None:
    assert templates() == dict.fromkeys(titles_of("type"), Decimal(100))
    assert len(titles_of("type")) == 8


def test_a_type_that_only_a_pack_knows_is_entered_ranked_and_filtered(made: Office, tmp_path: Path) -> None:
    for key in ("base", "project-drive"):
        shutil.copytree(Path(settings.PACKS) / key, tmp_path / key)
    path = tmp_path / "project-drive/kinds/project.toml"
    text = path.read_text(encoding="utf-8")
    new = '  { key = "reservoir", zh = "水库", en = "reservoir" },\n  { key = "industry"'
    path.write_text(text.replace('  { key = "industry"', new, 1), encoding="utf-8")
    pack = loader.load(loader.find(tmp_path, "project-drive"))
    apply(at=moment(MONDAY), pack=pack, offices=[made.place])
    with translation.override("en"):
        assert enter(made, type="reservoir").type_title == "reservoir"
    assert known_type("reservoir") == "reservoir"


def test_a_type_that_no_pack_names_is_refused(made: Office) -> None:
    with pytest.raises(Invalid):
        known_type("reservoir")


def test_who_leads_a_provincial_project(made: Office) -> None:
    with pytest.raises(Invalid) as refused:
        enter(made, level="province", leader=made.posts["leader"].pk)
    assert refused.value.field == "leader"
    assert not Project.objects.exists()
    led = enter(made, level="province", leader=made.posts["director"].pk)
    assert (led.level, led.leader) == ("province", made.posts["director"])


def test_another_may_lead_it_when_the_entry_says_why(made: Office) -> None:
    led = enter(made, level="city", leader=made.posts["leader"].pk, leader_why="书记委托")
    assert led.leader == made.posts["leader"]


def test_any_leader_leads_a_project_of_the_office(made: Office) -> None:
    assert enter(made, level="office", leader=made.posts["leader"].pk).leader == made.posts["leader"]


def test_the_lead_unit_answers_beside_the_leader(made: Office) -> None:
    unit = made.posts["section"].unit
    led = enter(made, leader=made.posts["leader"].pk, lead_unit=unit.pk)
    given = Assignment.objects.filter(subject_id=led.pk, part="lead", until=None)
    assert {(a.post_id, a.unit_id) for a in given} == {(made.posts["leader"].pk, None), (None, unit.pk)}
