"""A sheet of 15,000 rows and 40 columns on SQLite: ``python tools/bench/imports.py [ROWS]``.

Printed, a JSON line each: what reading, checking, previewing and importing it took (wall and CPU), how long it held the
writer at a time and how often, and the same for importing it again corrected and for one row that is wrong.
The aim is under 30 s for everything a person waits for, and under half a second for each turn at writing.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import measuring
from installation import HERE, installation, machine

ROWS, INSIDE, KIND = 15_000, "inside", "wide"
TYPES = ("text", "text", "choice", "integer", "decimal", "money", "percent", "date", "text", "phone", "boolean")
COLUMNS = 40


@dataclass
class Turns:
    """How long each turn at writing was, in seconds."""

    taken: list[float] = field(default_factory=list)
    begun: float = 0.0
    depth: int = 0

    def watch(self, writer: Any) -> None:
        """Note every turn of the process from now on."""
        acquire, release = writer.acquire, writer.release

        def acquired(*given: Any) -> bool:
            came: bool = acquire(*given)
            if came and self.depth == 0:
                self.begun = time.perf_counter()
            self.depth += came
            return came

        def released() -> None:
            self.depth -= 1
            if self.depth == 0:
                self.taken.append(time.perf_counter() - self.begun)
            release()

        writer.acquire, writer.release = acquired, released


@contextmanager
def measured(turns: Turns, what: str, **more: Any) -> Iterator[None]:
    """Say what happened inside the block took."""
    turns.taken.clear()
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    spent = time.process_time() - cpu
    measuring.say(
        what, wall_s=round(time.perf_counter() - wall, 2), cpu_s=round(spent, 2), turns=len(turns.taken),
        longest_turn_s=round(max(turns.taken, default=0), 3), all_turns_s=round(sum(turns.taken), 3), **more,
    )  # fmt: skip


def described() -> list[dict[str, Any]]:
    """The fields of a wide ledger of every type that a sheet brings."""
    choices = [{"key": f"c{n}", "zh": f"第{n}类", "en": f"class {n}"} for n in range(8)]
    fields = [
        _field("code", "text", column="business_key", required=True),
        _field("name", "text", column="title", required=True),
        _field("place", "place", column="place"),
    ]
    for n in range(COLUMNS - len(fields)):
        type_ = TYPES[n % len(TYPES)]
        fields.append(_field(f"f{n}", type_, choices=choices if type_ == "choice" else []))
    fields[5]["journalled"] = True
    return fields


def put_kind() -> None:
    """The wide ledger, in the database."""
    from zijing.records.models import Kind

    facts = {"noun": "register", "title_zh": "宽表", "title_en": "Wide", "pack": "bench", "edition": "1"}
    Kind.objects.create(key=KIND, definition={"fields": described(), "business_key": "code"}, **facts)


def names_of_grids() -> list[str]:
    """What the sheets name as places."""
    from zijing.places.models import Place

    return list(Place.objects.filter(level="grid").order_by("pk").values_list("name", flat=True))


def _field(key: str, type_: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "type": type_, "title": {"zh": key, "en": key}} | {k: v for k, v in more.items() if v}


def sheet(rows: int, places: list[str], change: Callable[[int, list[Any]], None] = lambda n, line: None) -> bytes:
    """The workbook."""
    import xlsxwriter

    out, shapes = BytesIO(), described()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        page, day = book.add_worksheet("宽表"), book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, [f["key"] for f in shapes])
        for n in range(rows):
            line = [_value(shape, n, c, places) for c, shape in enumerate(shapes)]
            change(n, line)
            for c, value in enumerate(line):
                page.write(n + 1, c, value, day if shapes[c]["type"] == "date" else None)
    return out.getvalue()


def _value(shape: dict[str, Any], n: int, c: int, places: list[str]) -> Any:
    if shape["key"] in {"code", "name"}:
        return f"{shape['key']}-{n:06}"
    return {
        "place": places[n % len(places)], "text": f"值{n}-{c}", "choice": f"第{n % 8}类", "integer": n * 7 % 1000,
        "decimal": n % 977 / 4, "money": n % 50_000, "percent": n % 101, "date": 43_000 + n % 2000,
        "phone": f"138{n:08}", "boolean": "是" if n % 2 else "否",
    }[shape["type"]]  # fmt: skip


def inside(rows: int) -> None:
    """Import into the office of the environment."""
    measuring.set_up()
    from django.utils import timezone, translation

    from zijing.journal.acting import WRITER
    from zijing.packs import intake
    from zijing.people.access import system_actor
    from zijing.places.models import Place
    from zijing.records.sheets import Options, bring_in, preview
    from zijing.records.sheets.book import read
    from zijing.records.sheets.intake import prepare

    translation.activate("en")
    office, grids = Place.objects.get(level="office"), names_of_grids()
    put_kind()
    actor, turns, options = system_actor(office, "bench"), Turns(), Options(confirmed=True)
    turns.watch(WRITER)
    asked: dict[str, Any] = {"target": intake.target(KIND, actor), "actor": actor, "at": timezone.now()}

    def corrected(n: int, line: list[Any]) -> None:
        line[3] += "改" if n % 10 == 0 else ""

    def nameless(n: int, line: list[Any]) -> None:
        line[1] = None if n == rows - 7 else line[1]

    first, second, third = (sheet(rows, grids, change) for change in (lambda n, line: None, corrected, nameless))
    measuring.say("sheet", rows=rows, columns=COLUMNS, bytes=len(first))
    with measured(turns, "read"):
        book = read(BytesIO(first))
    with measured(turns, "read and check the cells"):
        prepare(read(BytesIO(first)), asked["target"], actor, options)
    del book
    for what, door, content in (
        ("preview", preview, first), ("import", bring_in, first), ("import again", bring_in, first),
        ("preview of changes", preview, second), ("import of changes", bring_in, second),
        ("a wrong row", bring_in, third),
    ):  # fmt: skip
        with measured(turns, what):
            result = door(source=BytesIO(content), options=options, **asked)
        measuring.say(f"{what}: outcome", **result.counts, landed=result.landed, errors=len(result.errors))


def measure(rows: int) -> None:
    """Found an office of its own, and import into it."""
    with installation("sqlite", served=False) as made:
        measuring.say("machine", **machine(made))
        subprocess.run([sys.executable, str(HERE / "imports.py"), INSIDE, str(rows)], env=made.environ, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == [INSIDE]:
        inside(int(sys.argv[2]))
    else:
        measure(int(sys.argv[1]) if sys.argv[1:] else ROWS)
