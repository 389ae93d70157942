"""What applying a pack would change, in words for the administrator who decides on it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _, gettext_noop, pgettext

from zijing.assessment.models import Scheme
from zijing.core.worktime import Clock, Limit
from zijing.documents.models import Template
from zijing.figures.models import Figure
from zijing.outbox.models import Rhythm
from zijing.packs.standing import Row
from zijing.people.models import Role
from zijing.projects.models import RankingRule, StageTemplate, WorkTemplate
from zijing.records.models import Kind, in_language

SIGNS = {"add": "+", "change": "~", "remove": "−"}

# What a field of a kind says, in a reader's words; what is not named here is called by its key.
ASPECTS = {
    "type": gettext_noop("type"), "column": gettext_noop("fixed column"), "required": gettext_noop("needed or not"),
    "required_when": gettext_noop("when it is needed"),
    "empty_when": gettext_noop("when it stays empty"), "aliases": gettext_noop("other headings"),
    "help": gettext_noop("help"), "why": gettext_noop("reason for asking"), "unit": gettext_noop("unit"),
    "min": gettext_noop("least value"), "max": gettext_noop("greatest value"),
    "max_length": gettext_noop("greatest length"), "kind": gettext_noop("kind it names"),
    "journalled": gettext_noop("whether the journal keeps it"), "personal": gettext_noop("whether it is personal"),
    "several": gettext_noop("one value or several"), "business_key": gettext_noop("business key"),
    "icon": gettext_noop("icon"), "source": gettext_noop("source"), "examples": gettext_noop("examples"),
    "noun": gettext_noop("noun"), "sight": gettext_noop("sight"), "day": gettext_noop("page of the day"),
    "sentence_zh": gettext_noop("sentence"), "sentence_en": gettext_noop("sentence"),
    "title_zh": gettext_noop("name"), "title_en": gettext_noop("name"), "edition": gettext_noop("edition"),
    "kind_id": gettext_noop("kind"), "filter": gettext_noop("filter"), "measure": gettext_noop("measure"),
    "of": gettext_noop("what is measured"), "time": gettext_noop("date"), "decimals": gettext_noop("decimals"),
    "measures": gettext_noop("outcome or effort"), "owner": gettext_noop("owner"), "since": gettext_noop("since"),
    "template_zh": gettext_noop("name"), "template_en": gettext_noop("name"), "stage": gettext_noop("code"),
    "stage_zh": gettext_noop("name"), "stage_en": gettext_noop("name"), "weight": gettext_noop("weight"),
    "work": gettext_noop("code"), "work_zh": gettext_noop("name"), "work_en": gettext_noop("name"),
    "part": gettext_noop("at every building or once"), "days": gettext_noop("days"),
    "days_per_floor": gettext_noop("days a storey"), "days_per_flat": gettext_noop("days a flat"),
    "crew": gettext_noop("crew"), "after": gettext_noop("what it waits for"),
    "halted_by": gettext_noop("what halts it"),
    "task": gettext_noop("task"), "every": gettext_noop("how often"), "on": gettext_noop("day"),
    "at": gettext_noop("time of day"), "restricted": gettext_noop("whether it is restricted"),
    "parts": gettext_noop("who answers for it"), "promise": gettext_noop("sort of promise"),
    "above": gettext_noop("field with the number of the one above"),
    "needed_with": gettext_noop("with which other value it is needed"),
    "receiver": gettext_noop("who receives it"), "catalogue": gettext_noop("catalogue"),
    "code": gettext_noop("code"), "condition": gettext_noop("condition for filing"),
    "remedy": gettext_noop("what is to be done"), "limit": gettext_noop("limit"), "photos": gettext_noop("photos"),
    "position": gettext_noop("where a photo was taken"),
    "escalation": gettext_noop("whom it is told to when it stays overdue"),
    "comes_back": gettext_noop("when a case counts as come back"),
    "retention": gettext_noop("how long personal data is kept"), "step": gettext_noop("at which step it is asked for"),
    "demands": gettext_noop("whether it is what somebody outside demands"),
    "within": gettext_noop("limits of its stages"),
    "verified": gettext_noop("whether it is verified first"),
    "finds": gettext_noop("what case it files"),
    "counted": gettext_noop("whether its records are counted, never typed"),
    "complaints": gettext_noop("whether anybody complains by it about the platform"),
    "public": gettext_noop("whether residents may report it"),
    "answer_by": gettext_noop("by when the sender wants the answer"),
    "replies": gettext_noop("what the sender's sheet is answered with"),
    "green_points": gettext_noop("green from"),
    "yellow_points": gettext_noop("yellow from"),
    "report_limit_workdays": gettext_noop("working days without a report"),
    "naming_last": gettext_noop("how many are named last"), "on_site_weeks": gettext_noop("weeks until on-site work"),
    "least_ranked": gettext_noop("least number ranked"), "contests": gettext_noop("contests"),
    "population": gettext_noop("who is assessed"), "period": gettext_noop("period"),
    "definition": gettext_noop("items and consequences"),
    "sort": gettext_noop("sort of document"), "layout": gettext_noop("layout"),
    "word": gettext_noop("word of its number"),
    "heading_zh": gettext_noop("title"), "heading_en": gettext_noop("title"), "text_zh": gettext_noop("text"),
    "text_en": gettext_noop("text"), "sealed": gettext_noop("with a seal"), "upward": gettext_noop("goes up"),
    "reply_days": gettext_noop("working days for the reply"), "fits": gettext_noop("what it may be about"),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One line of a diff: whether something is added, changed or removed, and what."""

    sign: str
    text: str

    def __str__(self) -> str:
        return f"{SIGNS[self.sign]} {self.text}"


def in_words(rows: Iterable[Row]) -> list[Change]:
    """The rows a pack changes, a line for each change, in the reader's language."""
    return [change for row in rows for change in _of(row)]


def _of(row: Row) -> Iterator[Change]:
    title = _title(row)
    named = _("%(table)s “%(title)s” (%(key)s)") if title else _("%(table)s (%(key)s)")
    name = named % {"table": _(TABLES[row.model]), "title": title, "key": _key(row)}
    if row.standing is None:
        yield Change("add", f"{name}{_colon()}{_contents(row)}" if row.model is Kind else name)
    elif row.wanted is None:
        yield Change("remove", name)
    else:
        for sign, text in WORDED[row.model](row):
            yield Change(sign, f"{name}{_colon()}{text}")


TABLES: dict[type[Any], str] = {
    Kind: gettext_noop("kind"), Role: gettext_noop("role"), Figure: gettext_noop("figure"),
    StageTemplate: gettext_noop("project stage"), WorkTemplate: gettext_noop("work of a schedule"),
    RankingRule: gettext_noop("ranking rule"),
    Rhythm: gettext_noop("rhythm"), Scheme: gettext_noop("assessment scheme"),
    Template: gettext_noop("document template"),
}  # fmt: skip


def _title(row: Row) -> str:
    columns = row.wanted or {}
    prefix = {StageTemplate: "stage", WorkTemplate: "work"}.get(row.model, "title")
    found = [columns.get(f"{prefix}_{code}") or getattr(row.standing, f"{prefix}_{code}", "") for code in ("zh", "en")]
    return in_language(*found)


def _key(row: Row) -> str:
    return str(row.key[1]) if row.model is Rhythm else row.name


def _colon() -> str:
    return _(": ")


def _contents(row: Row) -> str:
    fields = (row.wanted or {})["definition"]["fields"]
    return _("%(n)d fields: %(fields)s") % {"n": len(fields), "fields": _list(_label(f) for f in fields)}


def _label(spec: Mapping[str, Any]) -> str:
    return in_language(spec["title"]["zh"], spec["title"]["en"])


def _list(parts: Iterable[str]) -> str:
    return pgettext("between names", ", ").join(parts)


Line = tuple[str, str]


def _columns(row: Row, skip: frozenset[str] = frozenset()) -> Iterator[Line]:
    """Changed columns whose name says enough."""
    names = dict.fromkeys(_aspect(k) for k in row.changed if k not in skip | {"pack"})
    if names:
        yield "change", _("%(what)s changed") % {"what": _list(names)}


def _aspect(key: str) -> str:
    return _(ASPECTS.get(key, key))


def _of_kind(row: Row) -> Iterator[Line]:
    yield from _renaming(row)
    old, new = row.changed.get("definition", ({}, {}))
    yield from _fields(old, new)
    if _limit(old) != _limit(new):
        yield "change", _("limit: %(old)s → %(new)s") % {"old": _limit(old), "new": _limit(new)}
    rest = [k for k in {**old, **new} if k not in {"fields", "limit"} and (old.get(k) or None) != (new.get(k) or None)]
    if rest:
        yield "change", _("%(what)s changed") % {"what": _list(_aspect(k) for k in rest)}
    skip = frozenset({"definition", "title_zh", "title_en"})
    if set(row.changed) - skip:
        yield from _columns(row, skip)


def _renaming(row: Row) -> Iterator[Line]:
    if {"title_zh", "title_en"} & set(row.changed):
        now = row.wanted or {}
        yield "change", _("renamed: %(old)s → %(new)s") % {
            "old": f"{row.standing.title_zh} / {row.standing.title_en}" if row.standing else "",
            "new": f"{now['title_zh']} / {now['title_en']}",
        }  # fmt: skip


def _limit(definition: Mapping[str, Any]) -> str:
    rule = definition.get("limit")
    return str(Limit(rule["amount"], Clock(rule["clock"]))) if rule else _("none")


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Line]:
    before, after = ({f["key"]: f for f in d.get("fields", [])} for d in (old, new))
    for key, spec in after.items():
        name = _("field “%(label)s” (%(key)s)") % {"label": _label(spec), "key": key}
        if key not in before:
            yield "add", _("%(field)s added") % {"field": name}
        else:
            yield from _field(name, before[key], spec)
    for key, spec in before.items():
        if key not in after:
            name = _("field “%(label)s” (%(key)s)") % {"label": _label(spec), "key": key}
            yield "remove", _("%(field)s removed") % {"field": name}


def _field(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Line]:
    if old["title"] != new["title"]:
        yield "change", _("%(field)s: renamed from %(old)s") % {"field": name, "old": _label(old)}
    before, after = ({c["key"]: c for c in spec.get("choices", [])} for spec in (old, new))
    for key in {**after, **before}:
        yield from _choice(name, key, before.get(key), after.get(key))
    rest = [k for k in {**old, **new} if k not in {"title", "choices"} and old.get(k) != new.get(k)]
    if rest:
        yield "change", _("%(field)s: %(what)s changed") % {"field": name, "what": _list(_aspect(k) for k in rest)}


def _choice(name: str, key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[Line]:
    was, now = (in_language(c["zh"], c["en"]) if c else "" for c in (old, new))
    words = {"field": name, "key": key, "old": was, "new": now}
    if old is None:
        yield "add", _("%(field)s: choice “%(new)s” (%(key)s) added") % words
    elif new is None:
        yield "remove", _("%(field)s: choice “%(old)s” (%(key)s) removed") % words
    elif (old["zh"], old["en"]) != (new["zh"], new["en"]):
        yield "change", _("%(field)s: choice “%(old)s” renamed “%(new)s”") % words
    if old is None or new is None:
        return
    for what in sorted((old.keys() | new.keys()) - {"key", "zh", "en"}):
        if old.get(what) != new.get(what):
            yield "change", _ruled(words, what, old, new)


def _ruled(words: Mapping[str, str], what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What changes in what a choice says of its class."""
    if what == "parent":
        return _("%(field)s: choice “%(new)s” moved") % words
    if what in LONG:
        return _("%(field)s: choice “%(new)s”: %(what)s changed") % {**words, "what": _aspect(what)}
    was, now = (_limit(c) if what == "limit" else _said(c.get(what)) for c in (old, new))
    said = {**words, "what": _aspect(what), "was": was, "now": now}
    return _("%(field)s: choice “%(new)s”: %(what)s %(was)s → %(now)s") % said


LONG = ("condition", "remedy", "source", "aliases", "within")


def _said(value: Any) -> str:
    return (_list(value) if isinstance(value, list) else str(value)) if value else _("none")


def _of_role(row: Row) -> Iterator[Line]:
    yield from _renaming(row)
    if row.standing is not None and row.standing.key != row.key[0]:
        yield "change", _("was “%(key)s” until now") % {"key": row.standing.key}
    old, new = (set(verbs) for verbs in row.changed.get("verbs", ((), ())))
    if new - old:
        yield "add", _("may now: %(rights)s") % {"rights": " ".join(sorted(new - old))}
    if old - new:
        yield "remove", _("may no longer: %(rights)s") % {"rights": " ".join(sorted(old - new))}
    yield from _rail(*row.changed.get("rail", ((), ())))
    yield from _columns(row, frozenset({"key", "title_zh", "title_en", "verbs", "rail"}))


def _named(item: Mapping[str, Any]) -> str:
    return in_language(item["title_zh"], item["title_en"])


def _rail(old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    before, after = ({i["to"]: i for i in rail} for rail in (old, new))
    if added := [_named(item) for to, item in after.items() if to not in before]:
        yield "add", _("navigation: %(items)s added") % {"items": _list(added)}
    if gone := [_named(item) for to, item in before.items() if to not in after]:
        yield "remove", _("navigation: %(items)s removed") % {"items": _list(gone)}
    if moved := [_named(item) for to, item in after.items() if to in before and before[to] != item]:
        yield "change", _("navigation: %(items)s changed") % {"items": _list(moved)}


def _of_figure(row: Row) -> Iterator[Line]:
    for _sign, text in _columns(row):
        version = row.standing.version + 1 if row.standing else 1
        yield "change", _("%(text)s → version %(n)d") % {"text": text, "n": version}


WORDED: dict[type[Any], Callable[[Row], Iterator[Line]]] = {
    Kind: _of_kind, Role: _of_role, Figure: _of_figure, StageTemplate: _columns, WorkTemplate: _columns,
    RankingRule: _columns, Rhythm: _columns, Scheme: _columns, Template: _columns,
}  # fmt: skip
