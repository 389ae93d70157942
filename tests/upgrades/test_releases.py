"""The database of every release so far comes to the present version: nothing is lost, and every page answers."""

import json
from pathlib import Path

import pytest

from tests.factories.installation import KINDS, empty, of_release, upgraded

RELEASES = sorted(p.name.removesuffix(".sql.gz") for p in Path(__file__).parent.glob("*.sql.gz"))
# What was entered, by table; what one version counts one may count another way, but these nobody may lose.
COUNTED = """
import json
from django.apps import apps
names = ("places.Place", "places.PlaceCode", "people.Unit", "people.Post", "people.Holding", "people.Account",
         "people.Assignment", "people.Token", "registers.Entry", "activities.Activity", "commitments.Commitment",
         "cases.Case", "cases.Timer", "cases.Step", "cases.Supervision", "records.File", "records.Attachment",
         "projects.Project", "projects.Report", "figures.Publication", "journal.JournalEntry")
print(json.dumps({n: apps.get_model(n)._default_manager.count() for n in names}))
"""
ENTERED = {
    "0.1.0": {
        "places.Place": 7, "people.Post": 13, "people.Account": 13, "people.Token": 1, "registers.Entry": 4,
        "activities.Activity": 20, "commitments.Commitment": 8, "cases.Case": 4, "cases.Timer": 4,
        "cases.Supervision": 1, "records.File": 1, "records.Attachment": 1, "projects.Project": 4,
    },
}  # fmt: skip
# Every page an account of each post can reach by following links from where it begins, once.
CRAWL = """
import re
from django.test import Client
from zijing.people.models import Holding
failed = []
for holding in Holding.objects.select_related("account", "post__role").order_by("post__role__key"):
    client = Client()
    client.force_login(holding.account)
    session = client.session
    session["holding"] = holding.pk
    session.save()
    seen, waiting = set(), ["/today/", "/board/", "/figures/", "/map/", "/import/", "/list/blocker/"]
    while waiting and len(seen) < 40:
        address = waiting.pop(0)
        shape = re.sub(r"[0-9]+", "0", address)
        if shape in seen:
            continue
        seen.add(shape)
        answer = client.get(address)
        if answer.status_code >= 500:
            failed.append((holding.post.role.key, address, answer.status_code))
        elif "html" in answer.headers.get("Content-Type", ""):
            waiting += [a for a in re.findall(r'href="(/[^"#?]*)"', answer.content.decode()) if "/static/" not in a]
print(failed)
"""
# The open cases whose timer says another deadline than the one stored.
TIMERS = """
from zijing.cases.models import Case
print([c.pk for c in Case.objects.filter(closed_at=None).select_related("timer") if c.timer.due().at != c.due_at])
"""
# The timers that stand in another office than their case, or whose alarm is not that of a case open or ended.
ALARMS = """
from zijing.cases.models import Timer
def sound(t):
    runs = t.case.closed_at is None
    return t.office_id == t.case.office_id and runs == (t.alarm_at is not None and t.alarm_at < t.case.due_at)
print(Timer.objects.count() and [t.pk for t in Timer.objects.select_related("case") if not sound(t)])
"""
NOTED = "from zijing.journal.models import JournalEntry as J; print(J.objects.filter(verb='cases.overdue').count())"


def test_there_is_a_database_of_every_release():
    assert "0.1.0" in RELEASES


@pytest.mark.parametrize("version", RELEASES)
def test_a_database_comes_to_the_present_version_with_all_that_was_entered(version, tmp_path):
    office = of_release(tmp_path / "data", version)
    assert "zijing migrate" in office.refused("backup", str(tmp_path / "early.zip"))
    office.run("migrate")
    counts = json.loads(office.python(COUNTED))
    assert {name: counts[name] for name in ENTERED[version]} == ENTERED[version]
    entries = counts["journal.JournalEntry"]
    office.run("pack", "apply", "base", "project-drive")
    office.run("pack", "apply", "base", "project-drive")
    again = json.loads(office.python(COUNTED))
    assert again["journal.JournalEntry"] >= entries
    assert again | {"journal.JournalEntry": entries} == counts
    assert office.run("verify").count("sound") == 2
    assert office.python(CRAWL, ZIJING_HOSTS="testserver").strip() == "[]"
    assert office.python(TIMERS).strip() == "[]"
    assert office.python(ALARMS).strip() == "[]"
    office.run("tick")
    noted = office.python(NOTED)
    office.run("tick")
    assert office.python(NOTED) == noted


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("version", RELEASES)
def test_it_moves_to_another_database_on_the_way(version, kind, tmp_path):
    office = upgraded(tmp_path / "data", version)
    office.run("backup", str(tmp_path / "moving.zip"))
    with empty(kind, tmp_path / "new") as new:
        new.run("restore", str(tmp_path / "moving.zip"))
        assert json.loads(new.python(COUNTED)) == json.loads(office.python(COUNTED))
        assert new.run("verify") == office.run("verify")
        assert (
            new.python(CRAWL.replace("waiting and len(seen) < 40", "len(seen) < 4"), ZIJING_HOSTS="testserver").strip()
            == "[]"
        )
