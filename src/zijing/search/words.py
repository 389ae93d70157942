"""The words of a title and of a question: the same on every database, because they are cut here.

Chinese runs become pairs of characters (SQLite's own trigrams never find a word of two), Latin letters and digits
words, and the first letters of the readings make 紫荆路 findable as "zjl". Marks that no keyboard types (Unicode's
private use area) keep scopes, whole codes and beginnings of titles apart from what people write.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

SCOPE, CODE, BEGIN = "\ue000", "\ue001", "\ue002"
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUN = re.compile(f"[{HAN}]+|[a-z0-9]+")
HAN_RUN = re.compile(f"[{HAN}]+")
LONGEST_QUESTION, MOST_TERMS = 60, 8
# Initials are kept from each of the first places of a title, so that a name in its middle is found, too.
INITIALS_FROM, INITIALS_LONG, READINGS = 16, 6, 4
BEGINNING = 5


def plain(text: str) -> str:
    """Text without differences of width and case."""
    return unicodedata.normalize("NFKC", text).lower()


def packed(text: str) -> str:
    """A code or number without blanks and signs."""
    return "".join(RUN.findall(plain(text)))


@lru_cache(maxsize=30_000)
def _readings(character: str) -> str:
    """The first letters a character's readings may begin with, the commonest first."""
    from pypinyin import Style, pinyin  # noqa: PLC0415  # loads a dictionary; most commands search for nothing

    found = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore", strict=False)
    return "".join(dict.fromkeys(c for c in (found[0] if found else []) if c.isascii() and c.isalpha()))


def letters(text: str) -> str:
    """For each character of a text the first letters it may be typed by, apart by blanks: 上水井盖 gives "s s j g"."""
    return " ".join(_readings(c) or c for c in plain(text) if not c.isspace() and c != "|")


def initials(run: str) -> Iterator[str]:
    """The first letters of the readings from each of the first characters of a Chinese run on."""
    letters = [_readings(c) for c in run[: INITIALS_FROM + INITIALS_LONG]]
    for start in range(min(len(letters), INITIALS_FROM)):
        part = [x for x in letters[start : start + INITIALS_LONG] if x]
        if len(part) > 1:
            yield from ("".join(choice) for choice in islice(product(*part), READINGS))


def words_of(title: str, codes: Iterable[str], *, group: str, path: str, holders: Iterable[str] = ()) -> str:
    """Everything a thing is found by, as one text of words separated by blanks.

    ``path`` is its place's, ``holders`` are the posts and units it is given to: one scope word for each place it lies
    in and for each holder, so that a common word is looked up within sight.
    """
    found: dict[str, None] = {}
    for text in (title, *codes):
        for run in RUN.findall(plain(text)):
            found.update(dict.fromkeys(_pieces(run)))
            if HAN_RUN.match(run):
                found.update(dict.fromkeys(initials(run)))
    for code in filter(None, map(packed, codes)):
        found[code] = None
        found[CODE + code] = None
    if beginning := packed(title):
        found[BEGIN + beginning[:BEGINNING]] = None
    found.update(dict.fromkeys(scope(group, place) for place in ("", *path.strip("/").split("/"), *holders)))
    return " ".join(found)


def scope(group: str, within: str) -> str:
    """The word that says: of this group, at or below this place ("" for anywhere), or given to this holder."""
    return f"{SCOPE}{group}{within}"


def holder_words(post: int | None, unit: int | None) -> list[str]:
    """What stands in scope words for a post and for a unit."""
    return [f"p{post}"] * (post is not None) + [f"u{unit}"] * (unit is not None)


def _pieces(run: str) -> list[str]:
    if not HAN_RUN.match(run):
        return [run]
    return [run[n : n + 2] for n in range(len(run))]


@dataclass(frozen=True)
class Question:
    """What somebody typed, cut into terms; a thing is found when it has all of them."""

    text: str
    terms: tuple[str, ...]

    @property
    def code(self) -> str:
        return "".join(self.terms)

    def wanted(self) -> list[tuple[str, bool]]:
        """(word, whether its beginning is enough) for each word a thing must have."""
        found: list[tuple[str, bool]] = []
        for term in self.terms:
            if HAN_RUN.match(term):
                found += [(term[n : n + 2], False) for n in range(len(term) - 1)] or [(term, True)]
            else:
                found.append((term, len(term) > 1))
        return list(dict.fromkeys(found))

    def fits(self, words: str) -> bool:
        """Whether a thing with these words has all that is asked for."""
        have = words.split(" ")
        return all(any(w.startswith(word) for w in have) if begins else word in have for word, begins in self.wanted())

    def together(self, title: str, code: str) -> bool:
        """Whether every Chinese term stands in the title or code as it was typed, not only its pairs apart."""
        text = f"{plain(title)} {plain(code)}"
        return all(term in text for term in self.terms if len(term) > 2 and HAN_RUN.match(term))

    def rank(self, title: str, code: str) -> int:
        """How well a thing fits: 0 its code or number, 1 its title begins so, 2 a word of it, 3 initials only."""
        if self.code in {packed(one) for one in code.split(" ")}:
            return 0
        if packed(title).startswith(self.code):
            return 1
        text = f"{plain(title)} {plain(code)}"
        return 2 if all(term in text for term in self.terms) else 3


def question(text: str) -> Question:
    """The question in ``text``; one without terms finds nothing."""
    terms = RUN.findall(plain(text[:LONGEST_QUESTION]))
    return Question(text[:LONGEST_QUESTION].strip(), tuple(dict.fromkeys(terms))[:MOST_TERMS])
