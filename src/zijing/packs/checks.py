"""What a pack says, held against itself and the packs it requires: names that exist, values a field can take."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext_lazy as _

from zijing.cases.models import Stage
from zijing.core.errors import DomainError
from zijing.core.worktime import ZONE
from zijing.figures.registry import every
from zijing.outbox.rhythm import known_tasks
from zijing.packs.contents import Pack
from zijing.packs.contests import check_contests
from zijing.packs.documents import check_documents
from zijing.packs.kinds import FieldSpec, KindSpec
from zijing.packs.reading import Reader
from zijing.packs.schema import FigureRow
from zijing.packs.schemes import check_schemes
from zijing.packs.works import check_works
from zijing.people.access import Actor
from zijing.people.rights import granted_by
from zijing.records.fields import Field
from zijing.records.filters import LABELS, parse
from zijing.records.models import Kind
from zijing.records.referring import REFERENCES

# Whose ids a pack cannot know: they differ from installation to installation.
LOCAL = {"place", "unit", "subject", "id"}
STAGES = {
    "case": set(Stage.values), "register": {"open", "retired"}, "activity": {"open", "withdrawn"},
    "commitment": {"open", "closed", "withdrawn"},
}  # fmt: skip
UNCHECKED = {"file"}
NUMBERS = {"integer", "decimal", "money", "percent"}
NOBODY = Actor(
    account_id=None, post_id=None, unit_id=None, office_id=0, office_path="", channel="pack", role="", sight="assigned",
    path="", place_id=0, verbs=frozenset(),
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What a pack and those it requires define, by key; ``foreign`` says which pack defines what is not its own."""

    kinds: dict[str, KindSpec]
    figures: dict[str, FigureRow]
    foreign: dict[tuple[str, str], str]


def known_to(pack: Pack) -> Known:
    """Everything ``pack`` may name."""
    foreign = {pair: other.spec.key for other in pack.needed.values() for pair in names(other)}
    kinds = {k.key: k for p in (*pack.needed.values(), pack) for k in p.kinds}
    figures = {f.key: f for p in (*pack.needed.values(), pack) for f in p.figures}
    return Known(kinds, figures, foreign)


def names(pack: Pack) -> Iterator[tuple[str, str]]:
    """The names a pack gives, each with the file it gives it in."""
    yield from (("kinds", k.key) for k in pack.kinds)
    yield from (("roles.csv", r.key) for r in pack.roles)
    yield from (("figures.csv", f.key) for f in pack.figures)
    yield from (("documents.csv", d.key) for d in pack.documents)
    yield from (("rhythms.csv", r.key) for r in pack.rhythms)
    yield from (("schemes", s.key) for s in pack.schemes)
    yield from (("stage_templates.csv", key) for key in {s.template for s in pack.stages})


def check(pack: Pack, reader: Reader) -> None:
    """Note every contradiction of a pack whose files could be read."""
    known = known_to(pack)
    _check_kinds(pack, known, reader)
    _check_doubles(pack, known, reader)
    _check_roles(pack, reader)
    _check_ladders(pack, reader)
    _check_rail(pack, known, reader)
    _check_stages(pack, reader)
    check_works(pack, known.kinds, reader)
    check_contests(pack, known.kinds, reader)
    _check_rhythms(pack, reader)
    _check_figures(pack, known, reader)
    check_schemes(pack, known.kinds, known.figures, reader)
    check_documents(pack, known.kinds, reader)


def kind_of(spec: KindSpec) -> Kind:
    """The kind a pack describes, as the lists and forms know it; it is not stored."""
    definition = spec.model_dump(
        exclude_none=True, by_alias=True, exclude={"noun", "key", "edition", "title", "restricted"}
    )
    return Kind(noun=spec.noun, key=spec.key, title_zh=spec.title.zh, title_en=spec.title.en, definition=definition)


# kinds


def _check_kinds(pack: Pack, known: Known, reader: Reader) -> None:
    for spec in pack.kinds:
        file = f"kinds/{spec.key}.toml"
        if not (reader.folder / file).exists():
            reader.fault(
                "kinds", _("The kind “%(key)s” stands in a file of another name; name it %(key)s.toml."), key=spec.key
            )
            continue
        for n, described in enumerate(spec.fields):
            _check_entry(spec, described, n, file, known, reader)
        for n, example in enumerate(spec.examples):
            _check_example(spec, n, example, file, reader)


def _check_entry(spec: KindSpec, described: FieldSpec, n: int, file: str, known: Known, reader: Reader) -> None:
    if described.type != "entry" or described.kind is None:
        return
    target = known.kinds.get(described.kind)
    row = reader.line(file, ("fields", n, "kind"))
    if target is None:
        text = _("The field “%(field)s” names the unknown kind “%(kind)s”.")
        reader.fault(file, text, row=row, column=f"fields.{n}.kind", field=described.key, kind=described.kind)
    elif target.noun != "register":
        text = _(
            "The field “%(field)s” names “%(kind)s”, which is no register: only entries of a register can be named."
        )
        reader.fault(file, text, row=row, column=f"fields.{n}.kind", field=described.key, kind=described.kind)
    elif target.restricted and not spec.restricted:
        text = _("The field “%(field)s” names “%(kind)s”, which is restricted: whoever sees this kind would read its "
                 "names. Make this kind restricted too.")  # fmt: skip
        reader.fault(file, text, row=row, column=f"fields.{n}.kind", field=described.key, kind=described.kind)


def _check_example(spec: KindSpec, n: int, example: dict[str, Any], file: str, reader: Reader) -> None:
    fields = {f.key: f for f in kind_of(spec).fields}
    for key in example.keys() - fields.keys():
        text = _("The example gives the unknown field “%(field)s”.")
        reader.fault(file, text, row=reader.line(file, ("examples", n, key)), column=f"examples.{n}.{key}", field=key)
    for key, described in fields.items():
        if described.step and key not in example:
            continue
        if key in example and (described.type in REFERENCES or described.type in UNCHECKED):
            continue
        for problem in _problems(described, example):
            row = reader.line(file, ("examples", n, key))
            reader.fault(file, "%(problem)s", row=row, column=f"examples.{n}.{key}", problem=problem)


def _problems(described: Field, example: dict[str, Any]) -> Iterator[str]:
    try:
        described.clean(example.get(described.key))
    except DomainError as error:
        yield str(error)


# names


def _check_doubles(pack: Pack, known: Known, reader: Reader) -> None:
    _say_doubles(reader, "kinds", [(reader.line(f"kinds/{k.key}.toml", ("key",)), k.key) for k in pack.kinds])
    for table in ("roles.csv", "rhythms.csv", "figures.csv", "documents.csv"):
        _say_doubles(reader, table, [(line, row.key) for line, row in pack.rows(table)])
    ways = [(line, f"{role} {row.to}") for line, row in pack.rows("rail.csv") for role in row.role]
    _say_doubles(reader, "rail.csv", ways)
    _say_doubles(
        reader, "stage_templates.csv",
        [(line, f"{s.template}/{s.order}") for line, s in pack.rows("stage_templates.csv")],
    )  # fmt: skip
    for file, key in names(pack):
        if other := known.foreign.get((file, key)):
            text = _("“%(key)s” is defined by the pack “%(pack)s” already; give it another key.")
            reader.fault(
                f"{file}/{key}.toml" if file in {"kinds", "schemes"} else file, text, column="key", key=key, pack=other
            )


def _say_doubles(reader: Reader, file: str, keys: list[tuple[int, str]]) -> None:
    seen: set[str] = set()
    for line, key in keys:
        if key in seen:
            reader.fault(file, _("“%(key)s” stands twice."), row=line, column="key", key=key)
        seen.add(key)


# tables


def _check_roles(pack: Pack, reader: Reader) -> None:
    for line, role in pack.rows("roles.csv"):
        for grant in role.verbs:
            if not granted_by(grant):
                text = _("The role “%(role)s” grants the unknown right “%(right)s”.")
                reader.fault("roles.csv", text, row=line, column="verbs", role=role.key, right=grant)


def _check_ladders(pack: Pack, reader: Reader) -> None:
    roles = {r.key for p in (*pack.needed.values(), pack) for r in p.roles}
    for kind in pack.kinds:
        stages = [kind.within, *(c.within for f in kind.fields for c in f.choices)]
        named = {role for rung in kind.escalation for role in rung.to}.union(*(w.roles() for w in stages if w))
        if unknown := sorted(named - roles):
            text = _("There is no role “%(role)s” in this pack or those it requires.")
            reader.fault(f"kinds/{kind.key}.toml", text, role=unknown[0])
    leading = {role for named in (pack.ranking.led_by.values() if pack.ranking else ()) for role in named}
    if unknown := sorted(leading - roles):
        text = _("There is no role “%(role)s” in this pack or those it requires.")
        reader.fault("ranking.toml", text, column="led_by", role=unknown[0])


def _check_rail(pack: Pack, known: Known, reader: Reader) -> None:
    roles = {r.key for p in (*pack.needed.values(), pack) for r in p.roles}
    for line, row in pack.rows("rail.csv"):
        if unknown := sorted(set(row.role) - roles):
            text = _("There is no role “%(role)s” in this pack or those it requires.")
            reader.fault("rail.csv", text, row=line, column="role", role=unknown[0])
        if row.kind and row.kind not in known.kinds:
            text = _("There is no kind “%(kind)s” in this pack or those it requires.")
            reader.fault("rail.csv", text, row=line, column="to", kind=row.kind)


def _check_stages(pack: Pack, reader: Reader) -> None:
    weights: dict[str, Decimal] = defaultdict(Decimal)
    titles: dict[str, tuple[str, str]] = {}
    stages: set[tuple[str, str]] = set()
    for line, row in pack.rows("stage_templates.csv"):
        weights[row.template] += row.weight
        if titles.setdefault(row.template, (row.template_zh, row.template_en)) != (row.template_zh, row.template_en):
            text = _("The template “%(key)s” has two names.")
            reader.fault("stage_templates.csv", text, row=line, column="template_zh", key=row.template)
        if (row.template, row.stage) in stages:
            text = _("“%(key)s” stands twice.")
            reader.fault("stage_templates.csv", text, row=line, column="stage", key=f"{row.template}/{row.stage}")
        stages.add((row.template, row.stage))
    for template, total in weights.items():
        if total != 100:
            text = _("The weights of “%(t)s” sum to %(sum)s, not 100.")
            reader.fault("stage_templates.csv", text, column="weight", t=template, sum=total)


def _check_rhythms(pack: Pack, reader: Reader) -> None:
    known, near = known_tasks(), (*pack.needed.values(), pack)
    about = {
        "form": {d.key for p in near for d in p.documents if d.step},
        "kind": {k.key for p in near for k in p.kinds if k.noun == "activity"},
    }
    for line, row in pack.rows("rhythms.csv"):
        name, _colon, what = row.task.partition(":")
        if name not in known or bool(what) != bool(known[name]):
            text = _("There is no task “%(task)s”.")
            reader.fault("rhythms.csv", text, row=line, column="task", task=row.task)
        elif what and what not in about[known[name]]:
            text = _("“%(what)s” in “%(task)s” is no form with a period and no kind of activity known here.")
            reader.fault("rhythms.csv", text, row=line, column="task", task=row.task, what=what)


# figures


def _check_figures(pack: Pack, known: Known, reader: Reader) -> None:
    for line, row in pack.rows("figures.csv"):
        for column, problem in figure_problems(row, known):
            reader.fault("figures.csv", "%(problem)s", row=line, column=column, problem=problem)
    for line, row in pack.rows("figures.csv"):
        if chain := _circle(row.key, known.figures):
            text = _("Figures are counted from each other in a circle: %(chain)s.")
            reader.fault("figures.csv", text, row=line, column="of", chain=" → ".join(chain))


def figure_problems(row: FigureRow, known: Known) -> Iterator[tuple[str, str]]:
    """What stands against a figure: the column, and the problem in words."""
    if row.measure == "share":
        yield from _share_problems(row, known)
        return
    spec = known.kinds.get(row.kind or "")
    if spec is None:
        yield "kind", _say(_("“%(figure)s” counts the unknown kind “%(kind)s”."), figure=row.key, kind=row.kind)
        return
    if not _is_number(row.of, spec):
        text = _("“%(figure)s” measures %(of)s, which no field of “%(kind)s” fills.")
        yield "of", _say(text, figure=row.key, of=row.of, kind=spec.key)
    yield from (("filter", problem) for problem in filter_problems(row.filter, spec))
    if row.measures == "effort" and ("依据" not in row.sentence_zh or "duty rule" not in row.sentence_en):
        text = _("“%(figure)s” measures effort: its sentence must cite the duty rule (依据：… / duty rule: …).")
        yield "sentence_zh", _say(text, figure=row.key)


def _is_number(of: str, spec: KindSpec) -> bool:
    """Whether records of the kind have what a figure measures: a column that a field fills, or a field of numbers."""
    numbers = {f"f.{f.key}" for f in spec.fields if f.type in NUMBERS and not f.column}
    return of in {"", "hours"} | {f.column for f in spec.fields} | numbers


def _share_problems(row: FigureRow, known: Known) -> Iterator[tuple[str, str]]:
    declared = {figure.key for figure in every()}
    for key in row.of.partition("/")[::2]:
        if key not in known.figures and key not in declared:
            text = _("“%(figure)s” is a share of the unknown figure “%(part)s”.")
            yield "of", _say(text, figure=row.key, part=key)


def filter_problems(query: str, spec: KindSpec) -> Iterator[str]:
    """What a figure's filter names that lists of the kind do not know."""
    kind, at = kind_of(spec), datetime(2020, 1, 1, tzinfo=ZONE)
    for name, value in parse_qsl(query, keep_blank_values=True):
        described = kind.by_key.get(name.removeprefix("f.")) if name.startswith("f.") else None
        if not name.startswith("f.") and name not in LABELS:
            yield _say(_("There is no filter “%(name)s”."), name=name)
        elif name in LOCAL or (described and described.type in REFERENCES):
            yield _say(_("A pack cannot filter by “%(name)s”: its numbers differ from office to office."), name=name)
        elif name == "stage" and (unknown := set(value.split(",")) - STAGES[spec.noun]):
            yield _say(_("There is no stage “%(stage)s”."), stage=min(unknown))
        elif described and described.personal:
            yield _say(_("A figure does not count by “%(name)s”: its values are personal."), name=name)
        elif value != "@period":
            yield from (str(e) for e in parse({name: value or "?"}, kind, at=at, actor=NOBODY).errors)


def _circle(key: str, figures: dict[str, FigureRow]) -> list[str]:
    """The chain of shares that leads from a figure back to itself; empty when there is none."""
    waiting: list[list[str]] = [[key]]
    seen: set[str] = set()
    while waiting:
        chain = waiting.pop()
        for part in _inputs(figures.get(chain[-1])):
            if part == key:
                return [*chain, part]
            if part not in seen:
                seen.add(part)
                waiting.append([*chain, part])
    return []


def _inputs(row: FigureRow | None) -> Iterable[str]:
    return row.of.partition("/")[::2] if row is not None and row.measure == "share" else ()


def _say(text: Any, **params: Any) -> str:
    return str(text) % params
