"""A real server with a founded office, a real browser, and a watch over all that the browser does.

The database's guards forbid emptying its journal, so there is no ``live_server``: the office is founded once, in a
data folder of its own, and each test takes a project or a case that no other test touches.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-proxy-server",
]  # fmt: skip
DESKTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
}  # fmt: skip
HALL: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
DEVICES = {"desktop": DESKTOP, "phone": PHONE, "hall": HALL}
# Both devices and both languages in two runs, where they do not meet each other.
PAIRED = pytest.mark.parametrize(("device", "language"), [("phone", "zh"), ("desktop", "en")])
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
# A failed load is judged by its status; the graphics driver complains that it has no graphics card.
JUDGED_ELSEWHERE = ("Failed to load resource", "[.WebGL-")


@dataclass
class Site:
    """The served office: its address, its data folder, and what the founding said of it."""

    url: str
    environ: dict[str, str]
    known: dict[str, Any]
    entered: dict[str, list[Any]] = field(default_factory=dict)

    def spare_case(self) -> int:
        """A filed blocker that no test has touched."""
        return int(self.known["spare"].pop())

    def spare_project(self) -> int:
        """A ranked project, told in percent, whose report of today no test has sent."""
        return int(self.known["unreported"].pop())

    def end_post(self, role: str) -> None:
        """Let the post of a role end, from outside, while somebody may be working in it."""
        founding(self.environ, "end", role)


@dataclass
class Watch:
    """What a browser must not do: ask another machine, run against the content policy, fail."""

    url: str
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    offline: bool = False

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda e: self.faults.append(f"script: {e.error}"))

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", f"blob:{self.url}")):
            self.faults.append(f"asks elsewhere: {request.url}")

    def _failed(self, request: Request) -> None:
        if not self.offline and "ERR_ABORTED" not in (request.failure or ""):
            self.faults.append(f"{request.failure}: {request.url}")

    def _response(self, response: Response) -> None:
        request = response.request  # a phone's worker fetches the page navigated to, its queue sends what a form said
        from_a_phone = request.service_worker is not None or "x-whose" in request.headers
        allowed = self.expected if request.is_navigation_request() or from_a_phone else set[int]()
        if response.status >= 400 and response.status not in allowed:
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        judged = message.text.startswith(JUDGED_ELSEWHERE) or (self.offline and message.text.startswith("htmx:"))
        if message.type in {"error", "warning"} and not judged:
            self.faults.append(f"console: {message.text} ({message.page.url if message.page else ''})")


class Hand:
    """A page as a hand uses it, counting what it does."""

    def __init__(self, page: Page, watch: Watch) -> None:
        self.page, self.watch, self.did = page, watch, 0

    def tap(self, selector: str) -> None:
        self.did += 1
        found = self.page.locator(selector)
        found.tap() if self.page.viewport_size["width"] < 500 else found.click()

    def write(self, selector: str, text: str) -> None:
        self.did += 1
        self.page.locator(selector).fill(text)

    def go(self, address: str, *, status: int = 200) -> None:
        """Open an address of the site, expecting this status."""
        self.watch.expected.add(status)
        answer = self.page.goto(self.watch.url + address)
        assert answer is not None and answer.status == status, f"{address}: {answer and answer.status}"

    def at(self) -> str:
        """Where the page is, without the host."""
        return self.page.url.removeprefix(self.watch.url)

    def shape(self) -> dict[str, int]:
        """The page and the screen; a phone's ``innerWidth`` is not asked, it grows with a page that is too wide."""
        page = self.page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        screen = self.page.viewport_size
        assert screen
        return {"w": page[0], "h": page[1], "iw": screen["width"], "ih": screen["height"]}

    def fits(self) -> None:
        """The page, once it is there, is no wider than the screen."""
        self.page.wait_for_load_state()
        shape = self.shape()
        assert shape["w"] <= shape["iw"], f"{self.at()} is {shape['w']} wide on a screen of {shape['iw']}"


Visit = Callable[..., Hand]


def enter(site: Site, role: str, hand: Hand) -> list[Any]:
    """Sign in as a role of the demo by the first page; later visitors of the role go on in the same session."""
    hand.go("/")
    hand.tap(f"form[action='/demo/as/{role}/'] .role-card")
    hand.page.wait_for_url("**/today/")
    hand.did = 0
    site.entered[role] = [c for c in hand.page.context.cookies() if c["name"] == "sessionid"]
    return site.entered[role]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def founding(environ: dict[str, str], *args: str) -> str:
    command = [sys.executable, "-m", "tests.browser.founding", *args]
    done = subprocess.run(command, env=environ, cwd=ROOT, check=True, timeout=180, stdout=subprocess.PIPE, text=True)
    return done.stdout


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The office, served by ``zijing serve`` until the browser's tests end."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZIJING_", "DJANGO_"))}
    port = str(free_port())
    data = str(tmp_path_factory.mktemp("office"))
    environ = {**kept, "ZIJING_DATA": data, "ZIJING_PORT": port, "ZIJING_DEMO": "1", "PYTHONPATH": str(ROOT / "src")}
    known = json.loads(founding(environ))
    known["unreported"] = [pk for code, pk in known["projects"].items() if code <= "X09"]
    command = [sys.executable, "-u", "-m", "zijing", "serve"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert port in server.stdout.readline(), "the server did not start; its words stand above"
        try:
            yield Site(f"http://127.0.0.1:{port}", environ, known)
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Package-wide, not longer: while it runs, Django refuses the database to this process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(site: Site, chromium: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Visit]:
    """Opens a browser of a visitor: ``visit("team", "phone", "zh")``; at the end nothing may have gone wrong in any."""
    opened: list[Hand] = []

    def open_(role: str = "", device: str = "desktop", language: str = "en", *, scripts: bool = True) -> Hand:
        context = chromium.new_context(
            **DEVICES[device], locale=LANGUAGES[language], timezone_id="Asia/Shanghai", java_script_enabled=scripts,
            reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(10_000)
        watch = Watch(site.url)
        watch.over(context)
        hand = Hand(context.new_page(), watch)
        opened.append(hand)
        if role:
            context.add_cookies(site.entered.setdefault(role, []) or enter(site, role, hand))
        return hand

    failed = request.session.testsfailed
    yield open_
    faults = [fault for hand in opened for fault in hand.watch.faults]
    for n, hand in enumerate(opened):
        if faults or request.session.testsfailed > failed:
            hand.page.screenshot(path=tmp_path / f"page{n}.png", full_page=True)
        hand.page.context.close()
    assert not faults, f"{faults}\npictures in {tmp_path}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``device`` and ``language`` as arguments run a test on each."""
    if "device" in metafunc.fixturenames and not _given(metafunc, "device"):
        metafunc.parametrize("device", ["desktop", "phone"])
    if "language" in metafunc.fixturenames and not _given(metafunc, "language"):
        metafunc.parametrize("language", list(LANGUAGES))


def _given(metafunc: pytest.Metafunc, name: str) -> bool:
    names = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    return any(name in (n.replace(" ", "").split(",") if isinstance(n, str) else n) for n in names)
