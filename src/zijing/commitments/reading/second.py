"""A second reader: a model behind an OpenAI-compatible address. Off unless a setting names one.

It is asked for quotations. What it answers must stand in the text word for word, or it is dropped: a model may point
at a sentence the rules missed, it cannot put a word into the plan. Numbers, days and kinds are read by our own rules.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from zijing.commitments.reading.candidates import Candidate
from zijing.commitments.reading.dates import last_day, recurrence
from zijing.commitments.reading.families import family_of
from zijing.commitments.reading.moods import plan_year
from zijing.commitments.reading.numbers import main_quantity
from zijing.commitments.reading.paragraphs import paragraphs

PIECE = 4000
PIECES = 60
LONGEST_QUOTE = 300
ANSWER_LIMIT = 2**20
TASK = (
    "下面是一份工作计划的一部分。找出其中将来要完成的具体承诺（任务、指标、节点、经常性职责），"
    "不要已经完成的事、口号、标题、背景和目的。每项逐字抄录原文片段，一个字都不要改。"
    '只回答 JSON：{"commitments": [{"quote": "原文片段", "title": "不超过二十字", "object": "对象"}]}'
)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Model:
    """Where the second reader listens: ``url`` up to /v1, the name of the model, a key if it wants one."""

    url: str
    name: str
    key: str = ""
    timeout: float = 60.0


def configured() -> Model | None:
    """The second reader the settings name; None when there is none."""
    named = settings.READER_MODEL
    return Model(named["url"], named["name"], named["key"]) if named else None


def second_reading(text: str, model: Model, first: list[Candidate]) -> list[Candidate]:
    """``first`` with what the model found besides, in the order of the text. A model that fails adds nothing."""
    year = plan_year(paragraphs(text))
    more: list[Candidate] = []
    for begin, piece in _pieces(text):
        for answer in _asked(piece, model):
            found = _anchored(text, begin, len(piece), answer, year)
            if found and not any(_same(found, other) for other in [*first, *more]):
                more.append(found)
    return sorted([*first, *more], key=lambda c: (c.start, c.end))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    at, count = 0, 0
    while at < len(text) and count < PIECES:
        end = min(len(text), at + PIECE)
        if end < len(text) and (cut := text.rfind("\n", at + PIECE // 2, end)) > 0:
            end = cut + 1
        yield at, text[at:end]
        at, count = end, count + 1


def _asked(piece: str, model: Model) -> list[dict[str, Any]]:
    """What the model answers, as far as it is what was asked for."""
    import requests  # noqa: PLC0415  # a tenth of a second to import, and few offices have a second reader

    asked: Any = {
        "model": model.name, "temperature": 0, "response_format": {"type": "json_object"},
        "messages": [{"role": "system", "content": TASK}, {"role": "user", "content": piece}],
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {model.key}"} if model.key else {}
    try:
        with requests.post(
            f"{model.url.rstrip('/')}/chat/completions", json=asked, headers=headers, timeout=model.timeout,
            allow_redirects=False, stream=True,
        ) as answer:  # fmt: skip
            answer.raise_for_status()
            body = answer.raw.read(ANSWER_LIMIT, decode_content=True)
        said = json.loads(body)["choices"][0]["message"]["content"]
        found = json.loads(said)["commitments"]
    except (requests.RequestException, ValueError, KeyError, IndexError, TypeError) as error:
        logger.warning("the second reader did not answer: %s", type(error).__name__)
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _anchored(text: str, begin: int, size: int, answer: dict[str, Any], year: int | None) -> Candidate | None:
    """The candidate a quotation stands for; None when the text does not hold it."""
    quote = answer.get("quote")
    if not isinstance(quote, str) or not 4 <= len(quote.strip()) <= LONGEST_QUOTE:
        return None
    quote = quote.strip()
    start = text.find(quote, begin, begin + size)
    if start < 0:
        return None
    thing, title = answer.get("object"), answer.get("title")
    quantity, due, (rhythm, _per) = main_quantity(quote), last_day(quote, year), recurrence(quote)
    return Candidate(
        start, start + len(quote), title[:60] if isinstance(title, str) and title.strip() else quote[:60],
        thing[:60] if isinstance(thing, str) and thing in quote else "",
        quantity=quantity.value if quantity else None, unit=quantity.unit if quantity else "",
        bound=quantity.bound if quantity else "", most=quantity.most if quantity else None,
        deadline=due.day if due else None, recurrence=rhythm, family=family_of(quote),
        strength="hard" if quantity or (due and not due.by_year) else "soft", reasons=["model"],
    )  # fmt: skip


def _same(a: Candidate, b: Candidate) -> bool:
    """Do two candidates speak of the same passage?"""
    shared = min(a.end, b.end) - max(a.start, b.start)
    return shared * 2 >= min(a.end - a.start, b.end - b.start)
