"""Official documents: ``python tools/bench/documents.py`` prints what a page costs, and 200 pages, and 2,000 rows.

Each large document is set in a process of its own, so that its memory is its own.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from itertools import count

FOLDER = os.environ.setdefault("ZIJING_DATA", tempfile.mkdtemp(prefix="zijing-bench-documents-"))

import measuring

measuring.set_up()

from zijing.documents.checking import check
from zijing.documents.layout import docx, pdf
from zijing.documents.layout.portable import pages_of
from zijing.documents.reading import text_of
from zijing.documents.source import Official, Paragraph, Run, Table

TEXT = (
    "街道办事处按照区委区政府部署对辖区内在建项目逐一核查并建立台账明确责任人和完成时限实行每日调度每周评比每月督查" * 3
)
ROUNDS = 30


def letter(paragraphs: int = 1, rows: int = 0) -> Official:
    """A notice with a red head, so many paragraphs with a number that opens, and a table."""
    text = Paragraph((Run(TEXT[:100]), Run("14", "https://example.org/f/1"), Run(TEXT)))
    table = Table(
        "表",
        ("社区", "数", "额", "率", "备注"),
        tuple(tuple((Run(f"第{r}行{c}"),) for c in range(5)) for r in range(rows)),
    )
    return Official(
        mark="石楼街道办事处文件", number="石办〔2026〕5号", title="关于加强重点项目建设督查考核工作的通知",
        addressed_to="各社区", body=(*[text] * paragraphs, *([table] if rows else [])),
        issuer="石楼街道办事处", dated=date(2026, 5, 1), copies_to="区委办公室", printed_by="办公室",
        printed_on=date(2026, 5, 2),
    )  # fmt: skip


LARGE = {"200 pages": (480, 0), "2,000 rows": (1, 2000), "10,000 rows": (1, 10_000), "a paragraph of 1 MB": (0, 0)}


def large(name: str) -> None:
    """One large document, measured in this process."""
    given = (
        letter(*LARGE[name]) if any(LARGE[name]) else Official(title="题", body=(Paragraph((Run("重" * 350_000),)),))
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    began = time.perf_counter()
    word = docx(given)
    between = time.perf_counter()
    content = pdf(given, lambda _done, _total: None)
    ended = time.perf_counter()
    measuring.say(
        name, pages=pages_of(content), docx_s=round(between - began, 2), pdf_s=round(ended - between, 2),
        docx_kb=len(word) // 1024, pdf_kb=len(content) // 1024, before_mb=before,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        child_mb=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    )  # fmt: skip


def main() -> None:
    measuring.say("machine", **measuring.machine(), typst=version("typst"))
    given = letter()
    word = docx(given)
    others = count()  # typst remembers what it has set before
    for what, do in {
        "DOCX of one page": lambda: docx(given),
        "PDF of one page": lambda: pdf(replace(given, title=f"关于加强督查考核工作的通知{next(others)}")),
        "check of one page": lambda: check(word),
        "text of one page": lambda: text_of(word),
    }.items():
        measuring.say(what, **measuring.timed(do, ROUNDS))
    for name in LARGE:
        subprocess.run([sys.executable, __file__, name], check=True)
    shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    large(sys.argv[1]) if len(sys.argv) > 1 else main()
