"""The watch itself: what it is there to see, it sees."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import Hand, Visit

ELSEWHERE = "() => fetch('http://127.0.0.2:9/').catch(() => 0)"
INLINE = "() => { const s = document.createElement('script'); s.textContent = 'document.title = 1'; document.head.append(s); }"
STYLE = "() => { document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">'); }"
THROWN = "() => { setTimeout(() => { throw new Error('broken'); }); }"
ABSENT = "() => fetch('/static/no-such-file.js')"


@pytest.fixture
def caught(visit: Visit) -> Callable[[str], list[str]]:
    """The faults the watch finds when a page does something."""

    def run(script: str) -> list[str]:
        hand: Hand = visit()
        hand.go("/")
        hand.page.evaluate(script)
        hand.page.wait_for_timeout(200)
        found = list(hand.watch.faults)
        hand.watch.faults.clear()
        return found

    return run


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (ELSEWHERE, "Content Security Policy"), (INLINE, "inline script"), (STYLE, "inline style"),
        (THROWN, "broken"), (ABSENT, "404"),
    ],
)  # fmt: skip
def test_it_catches(caught: Callable[[str], list[str]], script: str, said: str) -> None:
    assert any(said in fault for fault in caught(script)), said


def test_it_catches_a_page_of_another_machine(visit: Visit) -> None:
    hand = visit()
    with pytest.raises(Error):
        hand.page.goto("http://127.0.0.2:9/")
    assert any("asks elsewhere" in fault for fault in hand.watch.faults)
    hand.watch.faults.clear()
