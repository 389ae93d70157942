"""Verbs on packs: say what would change, and apply it; applying again changes nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.figures.actions import put_declared, put_figure
from zijing.figures.models import Figure
from zijing.figures.queries import model_of
from zijing.journal.acting import Act, act
from zijing.outbox.models import Rhythm
from zijing.outbox.rhythm import next_after
from zijing.packs.loader import Pack
from zijing.packs.models import Applied
from zijing.people.access import system_actor
from zijing.people.models import Role
from zijing.places.models import Level, Place
from zijing.projects.models import RankingRule, StageTemplate
from zijing.records.models import Kind


def wanted(pack: Pack) -> dict[type[Any], dict[Any, dict[str, Any]]]:
    """What the pack wants to stand in the tables, by table and key."""
    key = pack.spec.key
    kinds = {
        k.key: {
            "noun": k.noun, "title_zh": k.title.zh, "title_en": k.title.en, "pack": key, "edition": k.edition,
            "restricted": k.restricted,
            "definition": k.model_dump(exclude_none=True, exclude={"noun", "key", "edition", "title", "restricted"}),
        }
        for k in pack.kinds
    }  # fmt: skip
    roles = {r.key: r.model_dump(exclude={"key"}) | {"pack": key} for r in pack.roles}
    for role, rail in _rails(pack).items():
        roles[role] = roles.get(role, {}) | {"rail": rail}
    stages = {(s.template, s.order): s.model_dump(exclude={"template", "order"}) | {"pack": key} for s in pack.stages}
    ranking = {key: pack.ranking.model_dump()} if pack.ranking else {}
    return {Kind: kinds, Role: roles, StageTemplate: stages, RankingRule: ranking}


def _rails(pack: Pack) -> dict[str, list[dict[str, Any]]]:
    """The navigation of every role the pack adds to, or added to: what other packs gave it stays."""
    standing = dict(Role.objects.values_list("key", "rail"))
    own = {r.key for r in pack.roles}
    named = {role for row in pack.rail for role in row.role}
    if unknown := sorted(named - own - standing.keys()):
        raise Invalid(_("rail.csv: there is no role “%(role)s”."), role=unknown[0])
    kinds = {k.key for k in pack.kinds} | set(Kind.objects.values_list("key", flat=True))
    if lost := sorted({row.kind for row in pack.rail if row.kind} - kinds):
        raise Invalid(_("rail.csv: there is no kind “%(kind)s”."), kind=lost[0])
    rails = {}
    for role in named | {r for r, rail in standing.items() if any(i["pack"] == pack.spec.key for i in rail)} | own:
        others = [item for item in standing.get(role, []) if item["pack"] != pack.spec.key]
        mine = [r.model_dump(exclude={"role"}) | {"pack": pack.spec.key} for r in pack.rail if role in r.role]
        rails[role] = sorted([*others, *mine], key=lambda item: item["order"])
    return rails


KEYS: dict[type[Any], tuple[str, ...]] = {
    Kind: ("key",), Role: ("key",), StageTemplate: ("template", "order"), RankingRule: ("pack",), Figure: ("key",),
}  # fmt: skip


def _standing(model: type[Any], key: Any) -> Any:
    parts = key if isinstance(key, tuple) else (key,)
    return model._default_manager.filter(**dict(zip(KEYS[model], parts, strict=True))).first()


def _differing(row: Any, columns: dict[str, Any]) -> list[str]:
    return [k for k, v in columns.items() if getattr(row, k) != v]


def diff(pack: Pack) -> list[str]:
    """What applying the pack would change, a line each; empty when nothing would."""
    lines = []
    for model, rows in (wanted(pack) | {Figure: _figures(pack)}).items():
        for key, columns in rows.items():
            row = _standing(model, key)
            name = f"{model._meta.model_name} {key if isinstance(key, str) else '/'.join(map(str, key))}"
            if row is None:
                lines.append(gettext("+ %(name)s") % {"name": name})
            elif changed := _differing(row, columns):
                lines.append(gettext("~ %(name)s: %(columns)s") % {"name": name, "columns": ", ".join(changed)})
    return lines


def _figures(pack: Pack) -> dict[str, dict[str, Any]]:
    kinds = dict(Kind.objects.values_list("key", "pk"))
    own = {k.key for k in pack.kinds}
    result = {}
    for f in pack.figures:
        if f.kind and f.kind not in kinds and f.kind not in own:
            raise Invalid(_("figures.csv: “%(figure)s” counts an unknown kind “%(kind)s”."), figure=f.key, kind=f.kind)
        columns = f.model_dump(exclude={"key", "kind"})
        result[f.key] = columns | {"kind_id": kinds.get(f.kind or ""), "pack": pack.spec.key}
    return result


def apply(*, at: datetime, pack: Pack, offices: Iterable[Place]) -> list[str]:
    """Apply a pack to the installation and set its rhythms in every office; returns what changed, in lines.

    ``Invalid`` when a pack it requires is not applied, or when a field in use would be dropped; then nothing changes.
    """
    missing = [k for k in pack.spec.requires if not Applied.objects.filter(key=k).exists()]
    if missing:
        raise Invalid(_("Apply the pack “%(key)s” first."), key=missing[0])
    root = list(offices)
    if not root:
        raise Invalid(_("There is no office yet. Run “zijing init CODE NAME” first."))
    _refuse_losses(pack)
    lines = diff(pack)
    with act(system_actor(root[0], "cli"), at) as a:
        for model, rows in wanted(pack).items():
            for key, columns in rows.items():
                _write(model, key, columns)
        for key, columns in _figures(pack).items():
            put_figure(key=key, columns=columns, at=at)
        put_declared(at)
        towns = [office for office in root if office.level == Level.OFFICE]
        rhythms = sum(_set_rhythm(office, row, pack, at) for office in towns for row in pack.rhythms)
        if lines or rhythms or not Applied.objects.filter(key=pack.spec.key, digest=pack.digest).exists():
            _note(a, pack, at, root)
        if rhythms:
            lines.append(gettext("+ %(n)d rhythms") % {"n": rhythms})
    return lines


def _note(a: Act, pack: Pack, at: datetime, offices: list[Place]) -> None:
    defaults = {"edition": pack.spec.edition, "digest": pack.digest, "applied_at": at}
    row, _made = Applied.objects.update_or_create(key=pack.spec.key, defaults=defaults)
    for office in offices:
        changes = {"pack": [None, pack.spec.key], "edition": [None, pack.spec.edition], "digest": [None, pack.digest]}
        a.record("packs.apply", row, changes, path=office.path, actor=system_actor(office, "cli"))


def _write(model: type[Any], key: Any, columns: dict[str, Any]) -> None:
    row = _standing(model, key)
    if row is None:
        parts = key if isinstance(key, tuple) else (key,)
        model._default_manager.create(**dict(zip(KEYS[model], parts, strict=True)), **columns)
    elif changed := _differing(row, columns):
        model._default_manager.filter(pk=row.pk).update(**{k: columns[k] for k in changed})


def _set_rhythm(office: Place, row: Any, pack: Pack, at: datetime) -> int:
    columns = row.model_dump(exclude={"key"}) | {"pack": pack.spec.key}
    standing = Rhythm.objects.filter(office=office, key=row.key).first()
    if standing and not _differing(standing, columns):
        return 0
    rhythm = standing or Rhythm(office=office, key=row.key)
    for name, value in columns.items():
        setattr(rhythm, name, value)
    rhythm.next_at = next_after(rhythm, at)
    rhythm.save()
    return 1


def _refuse_losses(pack: Pack) -> None:
    """A field that stands in a kind in use may not vanish: what people entered would be lost from sight."""
    for spec in pack.kinds:
        row = Kind.objects.filter(key=spec.key).first()
        if row is None:
            continue
        gone = set(row.by_key) - {f.key for f in spec.fields}
        used = {k for k in gone if model_of(row.noun)._default_manager.filter(kind=row, fields__has_key=k).exists()}
        if used:
            raise Invalid(
                _("“%(kind)s” would lose the field “%(field)s”, which is in use. Keep it, or empty it first."),
                kind=str(row), field=min(used),
            )  # fmt: skip
