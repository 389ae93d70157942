"""The pictures of the README: ``python tools/pictures.py DATA`` takes them from the demo office in that data folder.

The folder is copied first and the copy's clock set back to where the replay stopped, so that the pictures come out
the same on any day. Needs chromium and a Chinese font; writes docs/pictures.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--no-proxy-server"]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 820}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
TALL: dict[str, Any] = {"viewport": {"width": 1366, "height": 1180}}
HALL: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
MOST_BYTES = 150_000


def address(page: Page, found: str) -> str:
    """Where the first link that ``found`` describes leads."""
    return str(page.locator(found).first.get_attribute("href"))


def straight(path: str) -> Callable[[Page], str]:
    return lambda _page: path


def a_project(page: Page) -> str:
    """The first project of the board that is behind and that something blocks."""
    page.goto("/board/")
    return address(page, "tr:has(.light-red):has(td a.strong[href^='/list/blocker/']) th a")


def a_report(page: Page) -> str:
    """The form of the first project whose report of the day is missing."""
    page.goto("/today/")
    return address(page, "a.day-action:not(.is-done)")


def a_paper(page: Page) -> str:
    """The plan that was read and is not decided on."""
    page.goto("/plans/read/")
    return address(page, "main td a[href^='/plans/read/']")


def what_slipped(page: Page) -> str:
    page.goto("/plans/")
    return address(page, "a[href$='/slipped/']")


def a_schedule(page: Page) -> str:
    """The schedule of the first housing project that is laid out and behind."""
    page.goto("/projects/?type=housing&light=yellow")
    page.goto(address(page, "main tbody a[href^='/projects/']"))
    return address(page, "a[href$='/schedule/']")


def a_bulletin(page: Page) -> str:
    page.goto("/documents/?tab=issued")
    return address(page, "main td a[href^='/documents/']")


def a_month(page: Page) -> str:
    """The last month's assessment of the communities."""
    page.goto("/assessment/schemes/community-monthly/")
    return address(page, "main a[href^='/assessment/runs/']")


# name: role, language, device, width of the picture, and where to go
TAKEN: dict[str, tuple[str, str, dict[str, Any], int, Callable[[Page], str]]] = {
    "board": ("secretary", "zh-CN", DESKTOP, 1366, straight("/board/")),
    "today": ("secretary", "zh-CN", DESKTOP, 1366, straight("/today/")),
    "project": ("secretary", "zh-CN", TALL, 1366, a_project),
    "wall": ("secretary", "zh-CN", HALL, 1366, straight("/board/wall/?page=3")),
    "reading": ("project_office", "zh-CN", DESKTOP, 1366, a_paper),
    "slipped": ("secretary", "zh-CN", DESKTOP, 1366, what_slipped),
    "schedule": ("secretary", "zh-CN", TALL, 1366, a_schedule),
    "bulletin": ("secretary", "zh-CN", TALL, 1366, a_bulletin),
    "assessment": ("secretary", "zh-CN", DESKTOP, 1366, a_month),
    "report": ("team", "zh-CN", PHONE, 390, a_report),
    "evidence": ("secretary", "en-GB", DESKTOP, 1366, straight("/list/blocker/?open=yes")),
    "map": ("secretary", "zh-CN", DESKTOP, 1366, straight("/map/")),
}


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of a demo server on a copy of the data folder."""
    with tempfile.TemporaryDirectory(prefix="zijing-pictures-") as folder:
        copy = shutil.copytree(data, Path(folder) / "data", ignore=shutil.ignore_patterns("static"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        environ = {**os.environ, "ZIJING_DATA": str(copy), "ZIJING_DEMO": "1", "ZIJING_PORT": port}
        run = [sys.executable, "-m", "zijing"]
        subprocess.run([*run, "setup"], env=environ, check=True)
        subprocess.run([*run, "manage", "shell", "--verbosity", "0", "-c", BACK], env=environ, check=True)
        with subprocess.Popen([*run, "serve"], env=environ, stdout=subprocess.PIPE, text=True) as server:
            try:
                if server.stdout is None or port not in server.stdout.readline():
                    raise SystemExit("The demo server did not start.")
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()


BACK = """
from django.utils import timezone
from zijing.demo.days import STOPS
from zijing.places.models import Place
Place.objects.offices().update(clock_shift=STOPS - timezone.now())
"""


def take(browser: Browser, url: str, name: str) -> None:
    """Take one picture and keep it small."""
    role, language, device, width, where = TAKEN[name]
    context = browser.new_context(
        **device, base_url=url, locale=language, timezone_id="Asia/Shanghai", color_scheme="light",
        device_scale_factor=2 if width < 600 else 1, reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.goto("/")
    page.locator(f"form[action='/demo/as/{role}/'] button.role-card").click()
    page.wait_for_url("**/today/")
    page.goto(where(page))
    if page.locator("#map").count():
        page.locator("#map[data-ready=yes]").wait_for()
        page.wait_for_timeout(500)
    page.wait_for_load_state("networkidle")
    save(name, page.screenshot(), width)
    context.close()


def few_colours(picture: Image.Image) -> Image.Image:
    """The picture in 256 of its own colours, the frequent and the vivid ones: a page has few, and lights are small."""
    counted = picture.getcolors(picture.width * picture.height) or []
    by_weight = sorted(counted, key=lambda found: -found[0] * (8 + max(found[1]) - min(found[1])))
    colours = [colour for _n, colour in by_weight]
    kept = colours[:256]
    nearest = {colour: n for n, colour in enumerate(kept)}
    for colour in colours[256:]:
        far = [sum((a - b) ** 2 for a, b in zip(one, colour, strict=True)) for one in kept]
        nearest[colour] = far.index(min(far))
    made = Image.new("P", picture.size)
    made.putpalette([part for colour in kept for part in colour])
    made.putdata([nearest[colour] for colour in picture.get_flattened_data()])
    return made


def save(name: str, content: bytes, width: int) -> None:
    picture = Image.open(BytesIO(content)).convert("RGB")
    if picture.width > 2 * width or picture.width == HALL["viewport"]["width"]:
        picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    path = PICTURES / f"{name}.png"
    few_colours(picture).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {picture.width} x {picture.height}, {size // 1000} kB")
    if size > MOST_BYTES:
        raise SystemExit(f"{name} is larger than {MOST_BYTES // 1000} kB")


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with served(Path(sys.argv[1])) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name in TAKEN:
            take(browser, url, name)
        browser.close()


if __name__ == "__main__":
    main()
