"""``zijing schedule``: progress, a plan that is kept, also when the search was ended."""

import os
import signal
import threading

from tests.cli.conftest import Cli
from tests.factories.office import MONDAY, Office, moment
from tests.factories.sites import crew, site
from zijing.projects.actions import lay_out
from zijing.projects.models import Schedule


def lay(made: Office) -> None:
    crew(made, "structure", 1)
    for n, code in enumerate(("X01", "X02")):
        lay_out(actor=made.system, at=moment(MONDAY, 9, n), project=site(made, code))


def test_it_says_what_it_finds_and_keeps_it(cli: Cli, made: Office) -> None:
    lay(made)
    answer = cli("schedule", "--seconds", "1")
    assert answer.exit_code == 0, answer.output
    assert "cost" in answer.output and "better is possible" in answer.output
    assert set(Schedule.objects.values_list("gap", flat=True)) != {None}


def test_ctrl_c_keeps_the_best(cli: Cli, made: Office) -> None:
    lay(made)
    before, over = signal.getsignal(signal.SIGINT), threading.Event()

    def press() -> None:
        while signal.getsignal(signal.SIGINT) is before:
            if over.wait(0.05):
                return
        os.kill(os.getpid(), signal.SIGINT)

    hand = threading.Thread(target=press)
    hand.start()
    answer = cli("schedule", "--seconds", "600")
    over.set()
    hand.join()
    assert answer.exit_code == 0, answer.output
    assert "kept" in answer.output
    assert set(Schedule.objects.values_list("gap", flat=True)) != {None}


def test_an_office_there_is_not_is_named(cli: Cli, made: Office) -> None:
    answer = cli("schedule", "--office", "999999999999")
    assert answer.exit_code == 1
    assert "999999999999" in answer.output
