"""What a composed text says, sentence by sentence, as programs read it: every number with what is behind it."""

from decimal import Decimal
from typing import Any

from zijing.documents.answers import joined
from zijing.documents.composing import Composed, Number, Sentence
from zijing.figures.queries import Value, is_money

FEN = 100


def told(composed: Composed) -> list[dict[str, Any]]:
    """The sentences that are printed: section, words and numbers; an empty line or a heading is none of them.

    Money is in yuan. A number that is printed as words (names, growth) has its words beside it; a table tells its
    numbers for the whole place.
    """
    return [
        {"section": s.section, "sentence": _words(s), "numbers": [one for n in s.numbers for one in _numbers(n)]}
        for s in composed.sentences
        if s.kept and (s.text or s.numbers)
    ]


def _words(sentence: Sentence) -> str:
    """The words of a sentence; of a table or chart the names of what it shows."""
    blocks = [n for n in sentence.numbers if n.asked.form.block]
    return joined([str(f) for n in blocks for f in n.asked.figures]) if blocks else sentence.text


def _numbers(number: Number) -> list[dict[str, Any]]:
    asked = number.asked
    if asked.form.block:
        return [_told(number, v, v.amount, v.figure.unit) for v in number.values]
    value = number.answer.value or number.values[0]
    return [_told(number, value, number.answer.amount, number.answer.unit)]


def _told(number: Number, value: Value, amount: Decimal | None, unit: str) -> dict[str, Any]:
    asked = number.asked
    money = is_money(value.figure) and unit != "%"
    since, until = asked.spans[0]
    return {
        "figure": value.figure.key,
        "form": asked.form.key,
        "value": _plain(amount / FEN if money and amount is not None else amount),
        "unit": "元" if money else unit,
        "text": number.answer.text or value.shown,
        "place": str(asked.place),
        "period": f"{since or ''}..{until or ''}",
        "evidence_count": value.n,
        "url": value.evidence,
    }


def _plain(amount: Decimal | None) -> int | float | None:
    """A number as JSON writes it: whole where it is whole."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
