"""An official document as PDF, set by typst. What it says goes there as data: nothing of it is ever read as markup."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

from zijing.documents.layout import faces, page, wording
from zijing.documents.layout.apart import set_apart
from zijing.documents.layout.attendance import Attendance
from zijing.documents.layout.setting import compiled
from zijing.documents.layout.shape import Annex, Shape, bars, cell_size, shape, widths
from zijing.documents.source import Block, Chart, Line, Official, Paragraph, Table

Progress = Callable[[int, int], None]

UNBROKEN = re.compile(r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]{24,}")
EVERY = 12
"""Characters after which a word too long for a line may break."""
LARGE = 1_500_000
"""Bytes of data from which typst runs in a process of its own: a table of 10,000 rows takes more than a gigabyte."""
PER_PAGE, PACE = 850, 200
"""Characters of data to a page and pages a second, to say about how far a long document is: typst says nothing."""
TICK = 0.2
LONG_RECORD = 400
"""Characters of 抄送: some 16 lines of the page's 22."""
KEPT = 2000
DASH = 0.33
"""The middle of a dash above its baseline, in its size."""


def pdf(official: Official, progress: Progress | None = None) -> bytes:
    """The document as PDF. ``Invalid`` when the machine has no Chinese font."""
    ready = shape(official)
    data = json.dumps(_given(ready, faces.chosen(faces.families())), ensure_ascii=False)
    return _set(data.encode(), len(data), progress)


def _given(ready: Shape, found: dict[str, str]) -> dict[str, Any]:
    """The document as typst reads it: lists and strings, nothing to evaluate."""
    latin = [faces.serif()] if ready.language == "en" else []
    size, narrow = page.mark_size(ready.mark)
    label = wording.word("attachments", ready.language)
    copies = wording.word("copies", ready.language)
    return {
        "fonts": {role: [*latin, name] for role, name in found.items()},
        "weights": {role: faces.weight(role, name) for role, name in found.items()},
        "dash": DASH, "language": ready.language, "author": _words(wording.clean(ready.official.issuer)),
        "keywords": [f"{wording.clean(k)}={wording.clean(v)}" for k, v in ready.official.properties.items()],
        "head": ready.has_head, "top": [[role, _broken(text)] for role, text in ready.top],
        "mark": {"text": ready.mark, "size": size, "narrow": narrow},
        "number": [_broken(text) for text in _number(ready)],
        "title": [_broken(line) for line in ready.title], "subtitle": _broken(ready.subtitle),
        "addressed": _broken(ready.addressed), "body": _blocks(ready.body, ready),
        "annex-label": label, "annex-label-width": page.ems(label),
        "annexes": [_annex(annex, ready) for annex in ready.annexes],
        "attendance": [_attendance(one, ready) for one in ready.attendance], "ends-blank": ready.ends_blank,
        "keep-last": ready.is_signed and not ready.annexes and _is_measured(ready.body),
        "signed": ready.is_signed, "sealed": ready.official.sealed, "blank": ready.blank,
        "issuer": _broken(ready.issuer), "dated": ready.dated, "note": _broken(ready.note),
        "record": ready.has_record, "record-is-long": len(ready.copies) > LONG_RECORD,
        "copies-label": copies, "copies-hang": page.ems(copies),
        "copies": _broken(ready.copies), "printer": _broken(ready.printer), "printed": ready.printed,
    }  # fmt: skip


def _is_measured(body: tuple[Block, ...]) -> bool:
    """Can the last paragraph be measured, to keep its last lines with the signature? Not one of many pages."""
    last = body[-1] if body else None
    return isinstance(last, Paragraph) and sum(len(run.text) for run in last.runs) <= KEPT


def _words(text: str) -> str:
    return " ".join(text.split())


def _number(ready: Shape) -> tuple[str, str, str]:
    """What stands left (or alone in the middle), what right, and the word before the latter."""
    if ready.official.layout == "minutes":
        left = "　".join(filter(None, (ready.number, ready.issuer)))
        return (left, ready.dated, "") if ready.dated else (ready.number, "", "")
    return ready.number, ready.signer, wording.word("signer", ready.language) if ready.signer else ""


def _annex(annex: Annex, ready: Shape) -> dict[str, Any]:
    number = page.ems(annex.entry.partition(".")[0]) + 0.5 if len(ready.annexes) > 1 else 0.0
    return {
        "label": annex.label, "entry": _broken(annex.entry), "number": number,
        "title": [_broken(line) for line in annex.title], "body": _blocks(annex.body, ready),
    }  # fmt: skip


def _attendance(one: Attendance, ready: Shape) -> dict[str, Any]:
    return {"label": one.label, "width": page.ems(one.label), "runs": _runs(one.names, ready)}


def _broken(text: str) -> str:
    """The text with places to break where a word is longer than a line."""
    return UNBROKEN.sub(lambda m: "\u200b".join(re.findall(f".{{1,{EVERY}}}", m[0], re.DOTALL)), text)


def _runs(line: Line, ready: Shape) -> list[tuple[str, str, bool]]:
    site = ready.official.site
    return [(_broken(wording.said(run, ready.language)), wording.link(run.url, site), run.missing) for run in line]


def _blocks(blocks: tuple[Block, ...], ready: Shape) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for block in blocks:
        match block:
            case Paragraph():
                found.append({"kind": "text", "level": block.level, "runs": _runs(block.runs, ready)})
            case Table():
                found.append(_table(block, ready))
            case Chart():
                found.append(_chart(block, ready))
    return found


def _table(table: Table, ready: Shape) -> dict[str, Any]:
    shares = widths(table)
    size = cell_size(len(shares))
    cells = []
    for row in table.rows:
        given = [*row, *[()] * (len(shares) - len(row))]
        cells += [(_runs(cell, ready), page.ems("".join(r.text for r in cell)) <= 8) for cell in given]
    head = [_broken(wording.clean(text)) for text in table.head]
    head += [""] * (len(shares) - len(head)) if head else []
    return {"kind": "table", "title": wording.clean(table.title), "head": head, "size": size,
            "cells": cells, "widths": shares}  # fmt: skip


def _chart(chart: Chart, ready: Shape) -> dict[str, Any]:
    low, high = bars(chart.values)
    rows = []
    for label, value, url in zip(chart.labels, chart.values, chart.links, strict=False):
        start = (min(0.0, float(value or 0)) - low) / (high - low) * 100
        length = abs(float(value or 0)) / (high - low) * 100
        text = wording.amount(value, chart.unit, ready.language)
        amount = (text, wording.link(url, ready.official.site), value is None)
        rows.append({"label": _broken(wording.clean(label)), "start": start, "length": length,
                     "after": start + length, "amount": amount})  # fmt: skip
    return {"kind": "chart", "title": wording.clean(chart.title), "rows": rows}


def _set(data: bytes, characters: int, progress: Progress | None) -> bytes:
    """Have typst set the document, telling how many pages of about how many are done."""
    make = set_apart if len(data) > LARGE else compiled
    if progress is None:
        return make(data)
    expected = max(1, characters // PER_PAGE)
    progress(0, expected)
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(make, data)
        ticks = 0
        while not wait([made], TICK).done:
            ticks += 1
            progress(min(expected - 1, round(ticks * TICK * PACE)), expected)
        content = made.result()
    pages = pages_of(content)
    progress(pages, pages)
    return content


def pages_of(content: bytes) -> int:
    """The number of pages of a PDF."""
    import pypdfium2  # noqa: PLC0415  # a library of 8 MB that few requests need

    with pypdfium2.PdfDocument(content) as document:
        return len(document)
