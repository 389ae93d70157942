"""What a pack wants to stand beside what stands: the one comparison behind diff, apply and refusal."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.assessment.models import Scheme
from zijing.core.errors import Invalid
from zijing.documents.models import Template
from zijing.figures.models import Figure
from zijing.outbox.models import Rhythm
from zijing.packs.contents import Pack
from zijing.packs.models import Applied
from zijing.packs.schema import DocumentRow
from zijing.people.models import Role
from zijing.places.models import Level, Place
from zijing.projects.models import RankingRule, StageTemplate, WorkTemplate
from zijing.records.models import Kind

Key = tuple[Any, ...]
Columns = dict[str, Any]

KEYS: dict[type[Any], tuple[str, ...]] = {
    Kind: ("key",), Role: ("key",), StageTemplate: ("template", "order"),
    WorkTemplate: ("template", "order"), RankingRule: ("pack",), Figure: ("key",),
    Rhythm: ("office_id", "key"), Scheme: ("key",), Template: ("key",),
}  # fmt: skip

OWN_COLUMNS = {"noun", "key", "edition", "title", "restricted"}


@dataclass(frozen=True)
class Standing:
    """All that packs are held against, read once: what they define, by table and key, and the editions applied."""

    rows: dict[type[Any], dict[Key, Any]]
    editions: dict[str, str]

    @classmethod
    def read(cls) -> "Standing":
        figures = Figure.objects.select_related("kind").defer("kind__definition")
        tables = {model: model._default_manager.all() for model in KEYS} | {Figure: figures}
        tables[Template] = Template.objects.filter(office=None)
        rows = {model: {_key(model, row): row for row in found} for model, found in tables.items()}
        return cls(rows, dict(Applied.objects.values_list("key", "edition")))

    def of(self, pack: Pack, model: type[Any]) -> dict[Key, Any]:
        """The rows of a table that are the pack's."""
        return {key: row for key, row in self.rows[model].items() if row.pack == pack.spec.key}

    def others(self, pack: Pack, model: type[Any]) -> dict[Key, Any]:
        """The rows of a table that are of other packs, in the order of their keys."""
        return {key: row for key, row in sorted(self.rows[model].items()) if row.pack != pack.spec.key}


@dataclass(frozen=True)
class Row:
    """A row of a table: as it stands (None: it does not), and as the pack wants it (None: it shall go)."""

    model: type[Any]
    key: Key
    standing: Any | None
    wanted: Columns | None
    changed: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The key as a person writes it."""
        return "/".join(str(part) for part in self.key)


def wanted(pack: Pack) -> dict[type[Any], dict[Key, Columns]]:
    """What the pack defines, by table and key."""
    key = pack.spec.key
    kinds = {
        (k.key,): {
            "noun": k.noun, "title_zh": k.title.zh, "title_en": k.title.en, "pack": key, "edition": k.edition,
            "restricted": k.restricted,
            "definition": k.model_dump(exclude_none=True, by_alias=True, exclude=OWN_COLUMNS),
        }
        for k in pack.kinds
    }  # fmt: skip
    roles = {(r.key,): r.model_dump(exclude={"key", "was"}) | {"pack": key} for r in pack.roles}
    stages = {(s.template, s.order): s.model_dump(exclude={"template", "order"}) | {"pack": key} for s in pack.stages}
    works = {(w.template, w.order): w.model_dump(exclude={"template", "order"}) | {"pack": key} for w in pack.works}
    for columns in works.values():
        columns["crew"] = columns["crew"] or ""
    ranking = {(key,): pack.ranking.model_dump()} if pack.ranking else {}
    figures = {(f.key,): f.model_dump(exclude={"key", "kind"}) | {"pack": key} for f in pack.figures}
    schemes: dict[Key, Columns] = {
        (s.key,): {
            "title_zh": s.title.zh, "title_en": s.title.en, "population": s.population, "period": s.period,
            "since": s.since, "source": s.source, "definition": s.definition(), "pack": key,
        }
        for s in pack.schemes
    }  # fmt: skip
    documents = {(d.key,): _template(d, pack) for d in pack.documents}
    return {
        Kind: kinds, Role: roles, StageTemplate: stages, WorkTemplate: works, RankingRule: ranking, Figure: figures,
        Scheme: schemes, Template: documents,
    }  # fmt: skip


def _template(row: DocumentRow, pack: Pack) -> Columns:
    texts = {"text_zh": pack.texts.get(row.key, ""), "text_en": pack.texts.get(f"{row.key}.en", "")}
    return row.model_dump(exclude={"key"}) | texts | {"pack": pack.spec.key}


def compare(pack: Pack, standing: Standing, offices: Iterable[Place] = ()) -> list[Row]:
    """Every row the pack would add, change or remove; with ``offices``, their rhythms too."""
    defined = wanted(pack)
    for row in pack.figures:
        kind = standing.rows[Kind].get((row.kind,))
        defined[Figure][row.key,]["kind_id"] = kind and kind.pk
    was = _renamed(pack, standing)
    rails = _rails(pack, standing, {role.key: key for (key,), role in was.items()})
    for key, columns in defined[Role].items():
        columns["rail"] = rails.pop(key[0])
    rows: list[Row] = []
    for model, columns_by_key in defined.items():
        rows += _table(model, columns_by_key, standing.of(pack, model), was if model is Role else {})
    rows += _others_rails(standing.others(pack, Role), rails)
    for office in towns(offices):
        rhythms = {(office.pk, r.key): r.model_dump(exclude={"key"}) | {"pack": pack.spec.key} for r in pack.rhythms}
        mine = {key: row for key, row in standing.of(pack, Rhythm).items() if row.office_id == office.pk}
        rows += _table(Rhythm, rhythms, mine, {})
    return rows


def towns(offices: Iterable[Place]) -> list[Place]:
    """The offices that work by a pack's rhythms: not the county above them."""
    return [office for office in offices if office.level == Level.OFFICE]


def _renamed(pack: Pack, standing: Standing) -> dict[Key, Any]:
    """The standing roles that the pack goes on with under a new key, by that key."""
    mine = standing.of(pack, Role)
    was = {r.key: mine.get((r.was,)) for r in pack.roles if (r.key,) not in standing.rows[Role]}
    return {(key,): role for key, role in was.items() if role}


def _rails(pack: Pack, standing: Standing, renamed: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The navigation of every role the pack adds to, or added to: what other packs gave it stays."""
    given = {renamed.get(key, key): role.rail for (key,), role in standing.rows[Role].items()}
    own = {r.key for r in pack.roles}
    named = {role for row in pack.rail for role in row.role}
    if unknown := sorted(named - own - given.keys()):
        raise Invalid(_("rail.csv: there is no role “%(role)s”."), role=unknown[0])
    kinds = {k.key for k in pack.kinds} | {key for (key,) in standing.rows[Kind]}
    if lost := sorted({row.kind for row in pack.rail if row.kind} - kinds):
        raise Invalid(_("rail.csv: there is no kind “%(kind)s”."), kind=lost[0])
    rails = {}
    for role in named | {r for r, rail in given.items() if any(i["pack"] == pack.spec.key for i in rail)} | own:
        others = [item for item in given.get(role, []) if item["pack"] != pack.spec.key]
        mine = [r.model_dump(exclude={"role"}) | {"pack": pack.spec.key} for r in pack.rail if role in r.role]
        rails[role] = sorted([*others, *mine], key=lambda item: item["order"])
    return rails


def _others_rails(roles: Mapping[Key, Any], rails: Mapping[str, list[dict[str, Any]]]) -> Iterator[Row]:
    """What changes in the navigation of roles that other packs define."""
    for key, role in roles.items():
        rail = rails.get(role.key, role.rail)
        if role.rail != rail:
            yield Row(Role, key, role, {"rail": rail}, {"rail": (role.rail, rail)})


def _table(
    model: type[Any], columns: dict[Key, Columns], standing: Mapping[Key, Any], renamed: Mapping[Key, Any]
) -> Iterator[Row]:
    for key, values in columns.items():
        row = standing.get(key) or renamed.get(key)
        if row is None:
            yield Row(model, key, None, values)
            continue
        now = dict(zip(KEYS[model], key, strict=True)) | values
        if changed := {k: (getattr(row, k), v) for k, v in now.items() if getattr(row, k) != v}:
            yield Row(model, key, row, values, changed)
    gone = set(standing) - set(columns) - {_key(model, row) for row in renamed.values()}
    yield from (Row(model, key, standing[key], None) for key in sorted(gone))


def _key(model: type[Any], row: Any) -> Key:
    return tuple(getattr(row, name) for name in KEYS[model])
