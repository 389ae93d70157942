"""Where the verb of a clause stands: after adverbs, at the beginning, or after a preposition and its noun."""

from zijing.commitments.reading.words import ACTS, ADVERB, VERB, VERBS, boundaries, tokens


def past_adverbs(text: str, at: int) -> int:
    """Where the verb begins after adverbs; an adverb that is itself the verb is not passed."""
    for _turn in range(5):
        m = ADVERB.match(text, at)
        if not m or m.end() >= len(text):
            return at
        rest = text[m.end() :]
        is_verb = m[0] in VERBS
        if is_verb and not (verb_at(rest) or ADVERB.match(rest)):
            return at
        at = m.end()
    return at


def verb_at(text: str) -> str:
    """The verb the text begins with, when a word ends there and something follows."""
    m = VERB.match(text)
    if not m:
        return ""
    piece = text[:24]
    ends = boundaries(piece)
    for end in range(m.end(), 1, -1):
        if end in ends and text[:end] in VERBS:
            return text[:end]
    first = tokens(piece)[0]
    return m[0] if first[1].startswith(("v", "l", "i", "nz", "ns", "nr")) and len(first[0]) > len(m[0]) else ""


def inner_verb(text: str, begin: int, *, last: bool = False) -> int | None:
    """Where the governing verb stands after a preposition and its noun. ``last``: it may end the clause."""
    at = begin
    words = tokens(text[begin:])
    for n, (word, tag) in enumerate(words):
        here, at = at, at + len(word)
        if text.count("“", begin, here) > text.count("”", begin, here):
            continue
        ends = n == len(words) - 1
        if (
            here - begin < 2
            or (ends and not last)
            or text.startswith("的", at)
            or text.startswith(("、", "和", "及"), at)
        ):
            continue
        if text[here - 1] in "、的和与及" and not ends:
            continue
        known = word in VERBS or (word == "进行" and not ends)
        if known or (ends and tag in {"v", "vn"} and len(word) >= 2 and last and n >= 1):
            return here
    return None


def last_act(text: str, begin: int, end: int) -> int | None:
    """Where the last act before ``end`` stands: 围绕甲论述、乙论述开展研讨6次 is about 开展."""
    at, found = begin, None
    for word, _tag in tokens(text[begin:end]):
        found, at = (at if word in ACTS else found), at + len(word)
    return found
