"""``zijing assessment``: a dry run writes nothing and finds what a run finds; a trial shows who gains."""

import json
from datetime import date

import pytest

from tests.cli.conftest import Cli
from tests.factories.assessed import assessed, closed
from tests.factories.calls import let_clock_show
from tests.factories.office import Office, moment
from zijing.assessment.models import Consequence, Run


@pytest.fixture
def made(db: None) -> Office:
    found = assessed()
    for n in range(11, 16):
        closed(found, f"社区{n}网格", 38, 2)
    closed(found, "社区16网格", 12, 28)
    let_clock_show(found, moment(date(2020, 9, 4), 9))
    return found


def test_run_show_and_trial(made: Office, cli: Cli) -> None:
    dry = cli("assessment", "run", "grid-monthly", "--dry-run", "--json")
    assert dry.exit_code == 0, dry.output
    assert not Run.objects.exists()
    kept = cli("assessment", "run", "grid-monthly", "--json")
    assert json.loads(kept.stdout) == json.loads(dry.stdout)
    [last] = [line for line in json.loads(kept.stdout) if line["last"]]
    assert last["label"] == "社区16网格员"
    assert Consequence.objects.filter(status="proposed").exists()
    shown = cli("assessment", "show", "grid-monthly")
    assert "社区16网格员\t" in shown.stdout and "last" in shown.stdout
    tried = cli("assessment", "trial", "grid-monthly", "--version", "1", "--json")
    assert {line["gain"] for line in json.loads(tried.stdout)} <= {None, "0.00", "0"}


def test_what_was_not_computed_is_not_shown(made: Office, cli: Cli) -> None:
    assert cli("assessment", "show", "grid-monthly").exit_code == 1
    assert cli("assessment", "show", "no-such-scheme").exit_code == 1
