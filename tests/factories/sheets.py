"""Workbooks to import, and a ledger without a database to import them into."""

import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from zijing.people.access import Actor
from zijing.records.fields import Field
from zijing.records.putting import Put, Ready
from zijing.records.sheets import Options, Result
from zijing.records.sheets.book import read
from zijing.records.sheets.intake import prepare

Rows = Iterable[Iterable[Any]]
CHOICES = (("industry", "工业", "industry"), ("retail", "零售", "retail"))
FIELDS = (
    Field("code", "text", "企业编号", "Enterprise number", column="business_key", required=True, aliases=("编号",)),
    Field("name", "text", "企业名称", "Name", column="title", required=True, aliases=("名称", "单位名称")),
    Field("credit_code", "text", "统一社会信用代码", "Credit code"),
    Field("sector", "choice", "行业", "Sector", choices=CHOICES),
    Field("joined_on", "date", "入统日期", "Entered the statistics on"),
    Field("investment", "money", "总投资", "Total investment", unit="亿元", min=Decimal(0)),
    Field("area", "decimal", "占地面积", "Area", unit="平方米"),
    Field("staff", "integer", "职工人数", "Staff"),
    Field("share", "percent", "完成比例", "Share done"),
    Field("local", "boolean", "本地企业", "Local"),
    Field("photo", "file", "照片", "Photo"),
)
HEAD = ("企业编号", "企业名称")


def nothing(actor: Actor, at: datetime, rows: list[dict[str, Any]]) -> list[Put | str]:
    return ["created"] * len(rows)


@dataclass
class Ledger:
    """A target that writes nowhere."""

    key: str = "enterprise"
    title: str = "企业"
    fields: tuple[Field, ...] = FIELDS
    business_key: str = "code"
    right: str = "registers.write"
    put: Callable[[Actor, datetime, list[dict[str, Any]]], list[Put | str]] = field(default=nothing)
    ready: Callable[[Actor, datetime, list[dict[str, Any]]], Ready] | None = None
    answered: bool = False


NOBODY = Actor(
    account_id=None, post_id=None, unit_id=None, office_id=0, office_path="/", channel="test", role="system",
    sight="office", path="/", place_id=0, verbs=frozenset({"*"}),
)  # fmt: skip


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(rows: Rows, *, title: str = "Sheet1", shape: Callable[[Worksheet], None] | None = None) -> bytes:
    """A workbook of one sheet with these rows, then shaped further."""
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if shape:
        shape(sheet)
    return saved(book)


def with_parts(content: bytes, **parts: str | bytes) -> bytes:
    """The workbook with some of its parts (path with / written __) replaced or added."""
    wanted = {name.replace("__", "/").replace("_xml", ".xml"): text for name, text in parts.items()}
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [n for n in old.namelist() if n not in wanted]:
            new.writestr(name, old.read(name))
        for name, text in wanted.items():
            new.writestr(name, text)
    return out.getvalue()


def part_of(content: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


def typed(rows: Rows, options: Options = Options(), **more: Any) -> Result:  # noqa: B008
    """What the engine makes of a sheet for the ledger above, without a database."""
    return prepare(read(workbook(rows, **more)), Ledger(), NOBODY, options)


def typed_file(content: bytes, options: Options = Options()) -> Result:  # noqa: B008
    return prepare(read(content), Ledger(), NOBODY, options)


def said(result: Result) -> list[tuple[str, str]]:
    """The errors as (cell, sentence)."""
    return [(e.where, e.message) for e in result.errors]


def remarks(result: Result) -> list[str]:
    return [r.message for r in result.remarks]
