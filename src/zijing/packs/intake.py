"""Which verb writes which kind: the one table that forms, imports and the API ask."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_lazy as _

from zijing.activities.actions import correct_activity, ready_activities, record_activity
from zijing.activities.models import Activity
from zijing.cases.actions import file_case
from zijing.cases.filing import ready_cases
from zijing.cases.models import Case
from zijing.cases.reporters import RESIDENT
from zijing.commitments.actions import put_commitments, put_plan
from zijing.commitments.models import Commitment
from zijing.core.errors import Invalid, Missing, Refused
from zijing.core.stamps import steady
from zijing.journal.acting import act
from zijing.packs.finding import failed, file_finding
from zijing.packs.plans import CODE, PLAN, fields_of_plans, planned_kinds
from zijing.people.access import Actor, require
from zijing.people.actions import put_posts, put_units
from zijing.people.models import Unit
from zijing.places.actions import put_places
from zijing.places.locate import locate
from zijing.places.models import Level, Place
from zijing.projects import actions as projects
from zijing.projects.actions.ledger import BUILDING, PROJECT, correct_ledger
from zijing.projects.models import Project, Report
from zijing.records.fields import Field
from zijing.records.kinds import every_kind, find_kind
from zijing.records.models import Kind, Noun, Record
from zijing.records.putting import Put, Ready
from zijing.records.writing import clean_values
from zijing.registers.actions import correct_entry, put_entries, ready_entries
from zijing.registers.models import Entry

Rows = list[dict[str, Any]]
Outcome = Put | str


@dataclass(frozen=True)
class Target:
    """A ledger that sheets are imported into: its fields, the right to, and the verb that puts cleaned rows."""

    key: str
    title: str
    fields: tuple[Field, ...]
    business_key: str
    right: str
    put: Callable[[Actor, datetime, Rows], list[Outcome]]
    ready: Callable[[Actor, datetime, Rows], Ready] | None = None
    answered: bool = False


def _words(key: str, zh: str, en: str, type_: str = "text", **more: Any) -> Field:
    return Field(key=key, type=type_, title_zh=zh, title_en=en, **more)


LEVELS = (
    (Level.COUNTY, "县(市、区)", "county"), (Level.OFFICE, "街道", "subdistrict"),
    (Level.COMMUNITY, "社区", "community"), (Level.VILLAGE, "村", "village"), (Level.GRID, "网格", "grid"),
)  # fmt: skip
UNIT_KINDS = (
    ("leadership", "领导班子", "leadership"), ("section", "科室", "section"), ("station", "站所", "station"),
    ("community_committee", "社区居委会", "community committee"), ("village_committee", "村委会", "village committee"),
    ("task_team", "专班", "task team"), ("county_bureau", "市直单位", "county bureau"),
    ("enterprise", "企业", "enterprise"), ("external", "外部单位", "external"),
)  # fmt: skip
PLACE_FIELDS = (
    _words("name", "名称", "Name", required=True, max_length=60),
    _words("code", "区划代码", "Division code", required=True, max_length=15, aliases=("代码", "编码")),
    _words("parent", "上级代码", "Parent code", max_length=15, aliases=("上级区划代码",)),
    _words("level", "层级", "Level", "choice", required=True, choices=LEVELS, aliases=("类型", "级别")),
    _words("geometry", "边界", "Boundary", max_length=30000, aliases=("边界(GeoJSON)", "边界GeoJSON")),
)
UNIT_FIELDS = (
    _words("code", "单位编号", "Unit number", required=True, max_length=40, aliases=("编号", "代码")),
    _words("name", "单位名称", "Unit name", required=True, max_length=60, aliases=("名称", "单位")),
    _words("kind", "单位类型", "Unit kind", "choice", required=True, choices=UNIT_KINDS, aliases=("类型", "类别")),
    _words("parent", "上级单位编号", "Parent unit", max_length=40, aliases=("上级编号", "上级单位")),
    _words("place", "所在区划", "Place", "place", required=True, aliases=("区划代码", "所在区划代码")),
)
POST_FIELDS = (
    _words("code", "岗位编号", "Post number", required=True, max_length=40, aliases=("编号", "代码")),
    _words("title", "岗位名称", "Post title", required=True, max_length=60, aliases=("名称", "岗位")),
    _words("unit", "所属单位", "Unit", "unit", required=True, aliases=("单位编号", "所属单位编号", "单位")),
    _words("role", "角色", "Role", required=True, max_length=40, aliases=("岗位类型",)),
    _words("place", "所在区划", "Place", "place", aliases=("区划代码", "所在区划代码")),
    _words("since", "开始日期", "Since", "date", required=True, aliases=("任职日期", "起始日期", "起始日")),
    _words("account", "账号", "Account", max_length=60, aliases=("登录名", "用户名")),
)


def targets(actor: Actor) -> list[Target]:
    """Every ledger the actor may import into."""
    kinds = [k for k in every_kind().values() if k.noun != Noun.CASE or k.definition.get("business_key")]
    plan = [whole_plan()] if planned_kinds() else []
    kinds = [k for k in kinds if not k.counted]
    return [t for t in (*BUILT_IN.values(), *plan, *map(target_of, kinds)) if actor.may(t.right)]


def whole_plan() -> Target:
    """The sheet of a whole plan: rows of several kinds, each naming its own."""
    fields = fields_of_plans(planned_kinds())
    return Target(PLAN, gettext("Whole plan"), fields, CODE, "commitments.write", _plan_rows)


def _plan_rows(actor: Actor, at: datetime, rows: Rows) -> list[Outcome]:
    return list(put_plan(actor=actor, at=at, rows=rows, place=home(actor)))


def target(key: str, actor: Actor) -> Target:
    """The ledger ``key``: place, unit, post, or a kind. ``Missing`` when there is none."""
    if key in BUILT_IN:
        return BUILT_IN[key]
    if key == PLAN and planned_kinds():
        return whole_plan()
    kind = find_kind(key)
    if kind is None:
        raise Missing(_("There is no ledger “%(key)s”."), key=key)
    refuse_by_hand(kind)
    return target_of(kind)


def refuse_by_hand(kind: Kind) -> None:
    """``Refused`` for what is only ever counted: nobody types or imports the result of a round of mock assessments."""
    if kind.counted:
        raise Refused(_("“%(kind)s” is counted; nobody types it."), kind=str(kind))


def target_of(kind: Kind) -> Target:
    """The ledger of a kind."""
    right, put = _writer(kind)
    right = "cases.import" if kind.noun == Noun.CASE else right
    key, answered = kind.definition.get("business_key", ""), bool(kind.definition.get("replies"))
    return Target(kind.key, str(kind), kind.first_fields, key, right, put, _ready(kind), answered)


def right_to_enter(kind: Kind) -> str:
    """The right that entering a record of a kind by hand asks for."""
    return _writer(kind)[0]


def _ready(kind: Kind) -> Callable[[Actor, datetime, Rows], Ready] | None:
    """What plans the rows of a ledger before they land, where rows do not depend on each other."""
    if kind.key in VERBS or kind.key == "daily-report":
        return None
    if kind.noun == Noun.REGISTER:
        return lambda actor, at, rows: ready_entries(actor=actor, at=at, kind=kind, rows=rows, place=home(actor))
    if kind.noun == Noun.CASE and kind.definition.get("business_key"):
        return lambda actor, at, rows: ready_cases(actor=actor, at=at, kind=kind, rows=rows, place=home(actor))
    if kind.noun == Noun.ACTIVITY:
        return lambda actor, at, rows: ready_activities(actor=actor, at=at, kind=kind, rows=rows)
    return None


def _place_rows(actor: Actor, at: datetime, rows: Rows) -> list[Outcome]:
    require(actor, "places.write")
    for row in rows:
        if isinstance(row.get("geometry"), str):
            try:
                row["geometry"] = _polygon(json.loads(row["geometry"]))
            except (ValueError, TypeError, KeyError, IndexError) as error:
                raise Invalid(_("The boundary is no GeoJSON polygon (RFC 7946)."), field="geometry") from error
    return list(put_places(actor=actor, at=at, rows=rows))


def _polygon(shape: Any) -> dict[str, Any]:
    """A checked GeoJSON polygon or multipolygon; raises ValueError when it is neither."""
    depth = {"Polygon": 1, "MultiPolygon": 2}[shape["type"]]
    rings: list[Any] = shape["coordinates"]
    for _n in range(depth - 1):
        rings = [ring for part in rings for ring in part]
    for ring in rings:
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise ValueError("a ring closes")
        if not all(-180 <= float(x) <= 180 and -90 <= float(y) <= 90 for x, y in ring):
            raise ValueError("longitude, latitude")
    return {"type": shape["type"], "coordinates": shape["coordinates"]}


def _with_places(rows: Rows) -> Rows:
    places = {p.pk: p for p in Place.objects.filter(pk__in={r["place"] for r in rows if r.get("place")})}
    return [r | {"place": places.get(r.get("place") or 0)} for r in rows]


def _unit_rows(actor: Actor, at: datetime, rows: Rows) -> list[Outcome]:
    return list(put_units(actor=actor, at=at, rows=_with_places(rows)))


def _post_rows(actor: Actor, at: datetime, rows: Rows) -> list[Outcome]:
    units = {u.pk: u for u in Unit.objects.filter(pk__in={r["unit"] for r in rows}).select_related("place")}
    return list(put_posts(actor=actor, at=at, rows=[r | {"unit": units[r["unit"]]} for r in _with_places(rows)]))


BUILT_IN = {
    "place": Target("place", "", PLACE_FIELDS, "code", "places.write", _place_rows),
    "unit": Target("unit", "", UNIT_FIELDS, "code", "people.write", _unit_rows),
    "post": Target("post", "", POST_FIELDS, "code", "people.write", _post_rows),
}


# Where a case comes from, by the door it came through.
SOURCES = {"public": RESIDENT}
VERBS = {"project": projects.put_projects, "milestone": projects.put_stages, "building": projects.put_buildings}


def home(actor: Actor) -> Place:
    """Where a record without a place of its own lies: the actor's office."""
    return Place.objects.get(pk=actor.office_id)


def _writer(kind: Kind) -> tuple[str, Callable[[Actor, datetime, Rows], list[Outcome]]]:
    """The right and the bulk verb for a kind."""
    if verb := VERBS.get(kind.key):
        right = "commitments.write" if kind.noun == Noun.COMMITMENT else "registers.write"
        return right, lambda actor, at, rows: list(verb(actor=actor, at=at, rows=rows, place=home(actor)))
    if kind.noun in {Noun.REGISTER, Noun.COMMITMENT}:
        bulk, right = (
            (put_entries, "registers.write") if kind.noun == Noun.REGISTER else (put_commitments, "commitments.write")
        )
        return right, lambda actor, at, rows: list(bulk(actor=actor, at=at, kind=kind, rows=rows, place=home(actor)))
    right = (
        "projects.report"
        if kind.key == "daily-report"
        else f"{'cases.file' if kind.noun == Noun.CASE else 'activities.write'}"
    )
    return right, lambda actor, at, rows: [
        Put("created", write(actor=actor, at=at, kind=kind, values=row)) for row in rows
    ]


def record(
    *, actor: Actor, at: datetime, kind: Kind, values: Mapping[str, Any], client_id: UUID | None = None
) -> Record:
    """One new record of any kind from raw values, by the verb that owns the kind.

    A case that has a position and names no place gets the place that holds the position.
    """
    with steady():
        raw = located(actor, kind, values) if kind.noun == Noun.CASE else values
        return write(actor=actor, at=at, kind=kind, values=clean_values(kind, raw, actor), client_id=client_id)


def located(actor: Actor, kind: Kind, raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raw values with the place found from their position; ``Invalid`` when it lies outside the office."""
    place = next((f for f in kind.fields if f.column == "place"), None)
    point = next((f for f in kind.fields if f.type == "point"), None)
    if place is None or point is None or raw.get(place.key) or not raw.get(point.key):
        return raw
    lon, lat = point.clean(raw[point.key])
    try:
        found = locate(actor.office_id, lon, lat)
    except Invalid as error:
        error.field = point.key
        raise
    return {**raw, place.key: f"#{found.pk}"} if found else raw


def write(*, actor: Actor, at: datetime, kind: Kind, values: dict[str, Any], client_id: UUID | None = None) -> Record:
    """One new record of any kind from cleaned values."""
    refuse_by_hand(kind)
    if kind.key == "daily-report":
        return _daily_report(actor, at, values, client_id)
    if kind.noun in {Noun.REGISTER, Noun.COMMITMENT}:
        result = _writer(kind)[1](actor, at, [values])[0]
        if isinstance(result, Put) and result.outcome == "created":
            return result.record
        raise Invalid(
            _("There is already such a record: open it to change it."), field=kind.definition.get("business_key", "")
        )
    subject = _subject(kind, values)
    if kind.noun == Noun.CASE:
        return file_case(
            actor=actor, at=at, kind=kind, values=values, subject=subject, client_id=client_id,
            source=SOURCES.get(actor.channel, "internal"),
        )  # fmt: skip
    with act(actor, at):
        made = record_activity(actor=actor, at=at, kind=kind, values=values, subject=subject, client_id=client_id)
        if failed(kind, values) and actor.may("cases.file"):
            file_finding(actor=actor, at=at, activity=made, file=record)
    return made


def _subject(kind: Kind, values: dict[str, Any]) -> Entry | None:
    key = next((f.key for f in kind.fields if f.column == "subject"), "")
    return Entry.objects.select_related("place").filter(pk=values[key]).first() if values.get(key) else None


def _daily_report(actor: Actor, at: datetime, values: dict[str, Any], client_id: UUID | None) -> Record:
    project = Project.objects.select_related("entry__place").filter(pk=values.get("project")).first()
    if project is None:
        raise Invalid(_("A stage belongs to a project of the ledger."), field="project")
    rest = {k: v for k, v in values.items() if k not in {"project", "date"} and v is not None}
    made = projects.report(actor=actor, at=at, project=project, day=values["date"], values=rest, client_id=client_id)
    return made.activity


def correct(*, actor: Actor, at: datetime, record: Record, values: Mapping[str, Any], seen: int | None = None) -> bool:
    """Correct any record with raw values (given fields only), by the verb that owns its kind."""
    kind = record.kind
    refuse_by_hand(kind)
    if kind.key == "daily-report":
        made = Report.objects.select_related("activity", "project", "stage").get(pk=record.pk)
        return projects.correct_report(actor=actor, at=at, report=made, values=values)
    cleaned = clean_values(kind, values, actor, partial=True, standing=record)
    if isinstance(record, Entry):
        verb = correct_ledger if kind.key in {PROJECT, BUILDING} else correct_entry
        return verb(actor=actor, at=at, entry=record, values=cleaned, seen=seen)
    if isinstance(record, Activity):
        return correct_activity(actor=actor, at=at, activity=record, values=cleaned, seen=seen)
    if isinstance(record, Commitment):
        current = {f.key: f.restored(record.value(f)) for f in kind.fields}
        result = _writer(kind)[1](actor, at, [current | cleaned])[0]
        return isinstance(result, Put) and result.outcome == "changed"
    if isinstance(record, Case):
        raise Refused(_("A case is moved on by its steps, not rewritten."))
    raise TypeError(type(record))
