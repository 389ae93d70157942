"""A text with placeholders becomes what is printed: every number looked up, every sentence without data left out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import DomainError, Invalid, Several
from zijing.documents import blocks as _forms, spreads as _more  # noqa: F401  (register forms)
from zijing.documents.answers import PIECES, Answer, Asked, Form, Setting, Span, form_named
from zijing.documents.placeholders import PERIODS, Period, Wish, pieces, plain, stray, wishes
from zijing.documents.source import Block, Paragraph, Run
from zijing.figures.known import every
from zijing.figures.models import Figure
from zijing.figures.periods import parse_period
from zijing.figures.queries import Value, values
from zijing.places.models import Place, under

HEADINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^[一二三四五六七八九十百]+、",
        r"^[(（][一二三四五六七八九十百]+[)）]",
        r"^\d+[.．](?!\d)\s*\S",
        r"^[(（]\d+[)）]",
    )
)
# What stands alone on its line as a heading is short and ends without a stop.
LONGEST_HEADING = 40
STOPS = "。！？!?；;"
SENTENCE = re.compile(rf"[^{STOPS}]*(?:[{STOPS}]+[”’」』）)]*|$)")
ENGLISH_SENTENCE = re.compile(r".*?(?:[.;!?](?=\s|$)\s*|$)", re.DOTALL)
NUMERALS = "一二三四五六七八九"
MOST_PLACEHOLDERS = 1000
MOST_CHARACTERS = 300_000


@dataclass(frozen=True)
class Number:
    """A number of a document: what was asked for, what is printed, and the address of what is behind it."""

    asked: Asked
    answer: Answer
    values: tuple[Value, ...]

    @property
    def written(self) -> str:
        return self.asked.wish.written

    @property
    def url(self) -> str:
        return self.values[0].evidence if self.values else ""


@dataclass(frozen=True)
class Sentence:
    """A sentence under its section. ``kept`` is False where a number of it has no data."""

    section: str
    text: str
    numbers: tuple[Number, ...]
    kept: bool


@dataclass(frozen=True)
class Composed:
    """A text as it is printed, its sentences, and its numbers in order."""

    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    numbers: tuple[Number, ...]


def understand(text: str, setting: Setting) -> dict[str, Asked]:
    """What every placeholder of a text asks for, as written; the document's own words are not among them.

    ``Several`` names every placeholder that is not understood, with its line.
    """
    if len(text) > MOST_CHARACTERS:
        raise Invalid(_("A text has at most %(max)d characters."), field="text", max=MOST_CHARACTERS)
    wanted = [w for w in wishes(text) if plain(w.name) not in setting.words and plain(w.name) not in PIECES]
    errors: list[DomainError] = []
    if line := stray(text):
        errors.append(Invalid(_("These braces belong to no placeholder: “%(line)s”"), field="text", line=line[:60]))
    if len(wanted) > MOST_PLACEHOLDERS:
        raise Invalid(_("A text has at most %(max)d placeholders."), field="text", max=MOST_PLACEHOLDERS)
    names = _Names(setting)
    asked: dict[str, Asked] = {}
    for wish in wanted:
        try:
            asked[wish.written] = names.asked(wish)
        except DomainError as error:
            errors.append(error)
    if errors:
        raise Several(errors)
    return asked


class _Names:
    """What names and options mean in one setting."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.figures: dict[str, list[Figure]] = defaultdict(list)
        for figure in every():
            for name in {plain(figure.key), plain(figure.title_zh), plain(figure.title_en)}:
                self.figures[name].append(figure)
        self._places: dict[str, Place | None] = {}

    def asked(self, wish: Wish) -> Asked:
        """A placeholder understood; ``Invalid`` says which part of it is not."""
        figures = tuple(self._figure(name, wish) for name in wish.names)
        form, period, place, span = self._options(wish)
        if len(figures) > 1 and not form.block:
            raise Invalid(
                _("“%(written)s” names several figures; only a table does."), field="text", written=wish.written
            )
        spans = (span,) if span else form.spans(self.setting, period)
        return Asked(wish, figures, form, place, spans)

    def _figure(self, name: str, wish: Wish) -> Figure:
        found = self.figures.get(plain(name), [])
        exact = [f for f in found if f.key == name] or found
        if not exact:
            raise Invalid(
                _("“%(written)s”: there is no figure “%(name)s”."), field="text", written=wish.written, name=name
            )
        if len(exact) > 1:
            keys = ", ".join(sorted(f.key for f in exact))
            raise Invalid(
                _("“%(written)s”: several figures have this title; write the key of one: %(keys)s."),
                field="text", written=wish.written, keys=keys,
            )  # fmt: skip
        return exact[0]

    def _options(self, wish: Wish) -> tuple[Form, Period, Place, Span | None]:
        form, period, place, span = form_named("value"), Period.THIS, self.setting.place, None
        for option in wish.options:
            if known := form_named(plain(option)) or form_named(option):
                form = known
            elif plain(option) in PERIODS:
                period = PERIODS[plain(option)]
            elif below := self._place(option):
                place = below
            else:
                span = self._days(option, wish)
        assert form is not None
        return form, period, place, span

    def _days(self, option: str, wish: Wish) -> Span:
        try:
            named = parse_period(option, self.setting.until or self.setting.at.date())
        except DomainError as error:
            raise Invalid(
                _("“%(written)s”: “%(option)s” is no form, period or place."), field="text", written=wish.written,
                option=option,
            ) from error  # fmt: skip
        return named.since, named.until

    def _place(self, name: str) -> Place | None:
        if name not in self._places:
            within = Place.objects.filter(under(self.setting.place.path)).defer("geometry")
            named = list(within.filter(name=name)[:2]) or list(within.with_code(name)[:2])
            self._places[name] = named[0] if len(named) == 1 else None
        return self._places[name]


def look_up(asked: Iterable[Asked], setting: Setting) -> dict[str, Number]:
    """Every number, by its placeholder; those of one place and the same days are counted together."""
    wanted: dict[tuple[int, Span], dict[str, Figure]] = defaultdict(dict)
    asked = list(asked)
    places = {a.place.pk: a.place for a in asked}
    for each in asked:
        for span in each.spans:
            wanted[each.place.pk, span] |= {f.key: f for f in each.figures}
    found: dict[tuple[int, Span], dict[str, Value]] = {}
    for (place, span), figures in wanted.items():
        s = setting.scope(places[place], span)
        counted = values(list(figures.values()), s.actor, at=s.at, place=s.place, since=s.since, until=s.until)
        found[place, span] = {v.figure.key: v for v in counted}
    return {a.wish.written: _number(a, setting, found) for a in asked}


def _number(asked: Asked, setting: Setting, found: Mapping[tuple[int, Span], Mapping[str, Value]]) -> Number:
    counted = tuple(found[asked.place.pk, span][f.key] for span in asked.spans for f in asked.figures)
    return Number(asked, asked.form.say(asked, setting, counted), counted)


def compose(text: str, setting: Setting, *, language: str = "zh-hans", marked: bool = False) -> Composed:
    """A text as it is printed in its language.

    A sentence one of whose numbers has no data is left out, with ``marked`` it stays and the gap is marked; a heading
    under which nothing stays goes too, and those after it move up.
    """
    with translation.override(language):
        numbers = look_up(understand(text, setting).values(), setting)
        return _Composer(setting, numbers, language, marked).of(text)


class _Composer:
    """One text being composed."""

    def __init__(self, setting: Setting, numbers: Mapping[str, Number], language: str, marked: bool) -> None:
        self.setting, self.numbers, self.marked = setting, numbers, marked
        self.pattern = SENTENCE if language.startswith("zh") else ENGLISH_SENTENCE
        self.section = ""
        self.sentences: list[Sentence] = []

    def of(self, text: str) -> Composed:
        made = [block for line in text.splitlines() if line.strip() for block in self._line(line.strip())]
        shown = _without_empty_sections(made) if not self.marked else made
        kept = [n for s in self.sentences for n in s.numbers]
        return Composed(tuple(renumbered(shown)), tuple(self.sentences), tuple(dict.fromkeys(kept)))

    def _line(self, line: str) -> Iterator[Block]:
        level = level_of(line)
        if level:
            self.section = line
            yield Paragraph(self._runs(line), level)
            return
        alone = [p for p in pieces(line) if not isinstance(p, str) or p.strip()]
        if len(alone) == 1 and isinstance(alone[0], Wish) and self._is_block(alone[0]):
            yield from self._block(alone[0])
            return
        kept = [said for said in self.pattern.findall(line) if said and self._keeps(said)]
        if kept:
            yield Paragraph(self._runs(closed("".join(kept), line)))

    def _is_block(self, wish: Wish) -> bool:
        if plain(wish.name) in PIECES:
            return True
        number = self.numbers.get(wish.written)
        return number is not None and number.asked.form.block

    def _block(self, wish: Wish) -> Iterator[Block]:
        piece = PIECES.get(plain(wish.name))
        number = self.numbers.get(wish.written)
        numbers = (number,) if number else ()
        blocks = piece(self.setting, wish.options) if piece else number.answer.blocks if number else ()
        text = _words_of(blocks) if piece and blocks else wish.written
        self.sentences.append(Sentence(self.section, text, numbers, bool(blocks)))
        if blocks:
            yield from blocks
        elif self.marked:
            yield Paragraph((Run(wish.written, missing=True),))

    def _keeps(self, said: str) -> bool:
        mine = tuple(self.numbers[p.written] for p in pieces(said) if isinstance(p, Wish) and p.written in self.numbers)
        kept = all(n.answer.text is not None for n in mine) and not self._unknown(said)
        text = "".join(run.text for run in self._runs(said.strip()))
        self.sentences.append(Sentence(self.section, text, mine, kept))
        return kept or self.marked

    def _unknown(self, said: str) -> bool:
        """Whether it names a word that the record it is about does not know."""
        words = self.setting.words
        return any(words.get(plain(p.name), "") is None for p in pieces(said) if isinstance(p, Wish))

    def _runs(self, line: str) -> tuple[Run, ...]:
        return tuple(self._run(piece) for piece in pieces(line))

    def _run(self, piece: str | Wish) -> Run:
        if isinstance(piece, str):
            return Run(piece)
        number = self.numbers.get(piece.written)
        if number is None:
            word = self.setting.words.get(plain(piece.name), "")
            return Run(word) if word else Run(piece.written, missing=True)
        if number.answer.text is None:
            return Run(piece.written, missing=True)
        return Run(number.answer.text, url=number.url, written=piece.written)


def _words_of(blocks: Iterable[Block]) -> str:
    """What a piece says in words: of a table or chart its title."""
    return " ".join("".join(r.text for r in b.runs) if isinstance(b, Paragraph) else b.title for b in blocks)


def level_of(line: str) -> int:
    """1 to 4 for a heading by its numbering (GB/T 9704-2012, 7.3.3), 0 for running text."""
    if len(line) > LONGEST_HEADING or line[-1] in STOPS + "，,：:":
        return 0
    return next((n for n, pattern in enumerate(HEADINGS, 1) if pattern.match(line)), 0)


def closed(kept: str, line: str) -> str:
    """A paragraph whose last clauses were left out ends as the whole one did."""
    text, stop = kept.rstrip(), line.rstrip()[-1]
    return text[:-1] + stop if text[-1] in "；;" and stop in STOPS else text


def _without_empty_sections(made: list[Block]) -> list[Block]:
    """Headings below which nothing stays are left out."""
    kept: list[Block] = []
    for block in reversed(made):
        level = block.level if isinstance(block, Paragraph) else 0
        after = kept[-1] if kept else None
        if level and (after is None or (isinstance(after, Paragraph) and 0 < after.level <= level)):
            continue
        kept.append(block)
    return kept[::-1]


def chinese(number: int) -> str:
    """1 to 99 as headings are numbered: 一, 十, 二十一."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else NUMERALS[tens - 1] + "十"
    return ten + (NUMERALS[ones - 1] if ones else "")


def renumbered(made: Iterable[Block]) -> Iterator[Block]:
    """Headings of the first two levels numbered through in their order."""
    counts = {1: 0, 2: 0}
    for block in made:
        if not isinstance(block, Paragraph) or block.level not in counts:
            yield block
            continue
        counts[block.level] += 1
        if block.level == 1:
            counts[2] = 0
        numeral = chinese(counts[block.level])
        head = f"{numeral}、" if block.level == 1 else f"（{numeral}）"
        first, *rest = block.runs
        text = HEADINGS[block.level - 1].sub(head, first.text, count=1)
        yield replace(block, runs=(replace(first, text=text), *rest))
