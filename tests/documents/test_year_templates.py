"""The texts of the year-end reports hold no number of their own: whatever is said is counted."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from zijing.documents.composing import ENGLISH_SENTENCE, SENTENCE, level_of
from zijing.documents.placeholders import PLACEHOLDER, wishes
from zijing.documents.reading import text_of

TEMPLATES = sorted(Path(settings.PACKS).glob("*-report/documents/year-report-*.docx"))
HEADING = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])")
DIGIT = re.compile(r"[0-9０-９〇一二三四五六七八九十百千万亿两]")
# Terms in which a numeral counts nothing here.
TERMS = ("“四上”", "第三产业", "二次结构")
WORDS = {"单位", "年度", "日期", "期间", "office", "year of the document"}
PARTS = (SENTENCE, ENGLISH_SENTENCE)


def lines(path):
    return [line.strip() for line in text_of(path.read_bytes()).splitlines() if line.strip()]


def bare(line):
    """A line without its placeholders, the number of its heading and what is a term."""
    text = PLACEHOLDER.sub("", HEADING.sub("", line) if level_of(line) else line)
    for term in TERMS:
        text = text.replace(term, "")
    return text


def test_there_is_a_text_for_each_kind_of_office_in_both_languages():
    assert [path.stem for path in sorted(TEMPLATES, key=lambda p: p.stem)] == [
        "year-report-subdistrict",
        "year-report-subdistrict.en",
        "year-report-town",
        "year-report-town.en",
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.stem)
def test_no_text_holds_a_digit_or_a_numeral(path):
    assert [line for line in lines(path) if DIGIT.search(bare(line))] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.stem)
def test_every_sentence_says_something_that_is_counted(path):
    said = [
        s
        for line in lines(path)
        if not level_of(line)
        for s in PARTS[path.stem.endswith(".en")].findall(line)
        if s.strip()
    ]
    assert [s for s in said if not {w.name for w in wishes(s)} - WORDS] == []


@pytest.mark.parametrize("line", ["建成8个。", "建成８个。", "建成八个。", "投入四百万元。"])
def test_the_lint_finds_numbers(line):
    assert DIGIT.search(bare(line))


def test_the_lint_leaves_headings_terms_and_placeholders():
    assert not any(map(DIGIT.search, map(bare, ["十一、来年安排", "（二）项目", "新增“四上”{{a|第1季度}}。"])))
