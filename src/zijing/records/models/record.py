"""Kinds of record, and the fixed columns that every record shares."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy as _

from zijing.core.worktime import Limit
from zijing.journal.models import PathField
from zijing.people.access import Actor
from zijing.people.models import Post, Unit
from zijing.places.models import Place, under
from zijing.records.definitions import Definition, DefinitionField
from zijing.records.fields import Field
from zijing.records.rules import ComesBack, Rung, StageLimit, Told, limit_from, rungs_from
from zijing.records.sight import Seen, SeenBeside

# What is withdrawn, voided, retired or merged into another counts nowhere; what has ended has a ``closed_at``.
NOWHERE = ("withdrawn", "voided", "retired", "merged")
ENDED = (*NOWHERE, "closed")


class Noun(models.TextChoices):
    """The four nouns whose kinds are data."""

    REGISTER = "register", _("ledger entry")
    ACTIVITY = "activity", _("work record")
    COMMITMENT = "commitment", _("commitment")
    CASE = "case", _("case")


def in_language(zh: str, en: str) -> str:
    """The text of a pack in the active language."""
    return zh if (get_language() or "zh").startswith("zh") else en


class Kind(models.Model):
    """A kind of record as a pack describes it; the one description behind forms, tables, import, export and API."""

    noun = models.CharField(max_length=12, choices=Noun.choices)
    key = models.CharField(max_length=40, unique=True)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60)
    pack = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    restricted = models.BooleanField(default=False)
    definition = DefinitionField(default=dict)

    def __str__(self) -> str:
        return in_language(self.title_zh, self.title_en)

    @cached_property
    def _described(self) -> Definition:
        return self.definition if isinstance(self.definition, Definition) else Definition(self.definition)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields in the order of the pack."""
        return self._described.fields

    @property
    def first_fields(self) -> tuple[Field, ...]:
        """Those that are asked for when a record is entered, not by a later step."""
        return tuple(f for f in self.fields if not f.step)

    def fields_of(self, step: str) -> list[Field]:
        """Those that a step of a case asks for."""
        return [f for f in self.fields if f.step == step]

    @property
    def by_key(self) -> dict[str, Field]:
        return self._described.by_key

    @property
    def icon(self) -> str:
        return str(self.definition.get("icon") or "list-check")

    @property
    def source(self) -> str:
        """The document or standard the kind's rule comes from."""
        return str(self.definition.get("source") or "")

    @property
    def receiver(self) -> str:
        """Who receives a case of this kind first: a unit's code, "place" for the committee there, "" for nobody."""
        return str(self.definition.get("receiver") or "")

    @property
    def verified(self) -> bool:
        """Whether a case of this kind is verified before it is filed (核实)."""
        return bool(self.definition.get("verified"))

    @property
    def public(self) -> bool:
        """Whether residents report it without an account."""
        return bool(self.definition.get("public"))

    @property
    def complaints(self) -> bool:
        """Whether its cases come in by the complaints entrance (国办函〔2026〕12号)."""
        return bool(self.definition.get("complaints"))

    @property
    def counted(self) -> bool:
        """Whether its records are counted by the software and never typed."""
        return bool(self.definition.get("counted"))

    @property
    def spot(self) -> str:
        """The key of the field that says where exactly a record is, "" where none does."""
        return next((f.key for f in self.fields if f.type == "point" and not f.personal), "")

    @property
    def comes_back(self) -> ComesBack | None:
        """When a new case counts against the closing of an earlier one of its class."""
        rule = self.definition.get("comes_back")
        return ComesBack(rule["days"], rule.get("metres", 0)) if rule else None

    @property
    def kept_years(self) -> int:
        """How many years after their closing the personal values of its cases are kept; 0 for as long as the case."""
        return int((self.definition.get("retention") or {}).get("years", 0))

    @property
    def demands(self) -> bool:
        """Whether its cases are what somebody outside the office demands, who may be found unreasonable."""
        return self.public or bool(self.definition.get("demands"))

    @property
    def limit(self) -> Limit | None:
        """The time limit of a case kind."""
        return limit_from(rule) if (rule := self.definition.get("limit")) else None

    def told(self, values: Mapping[str, Any], what: str) -> Told | None:
        """What a choice among these values says of its class; of several that of the field that stands first."""
        for field in self.fields:
            if field.rules and (said := field.told(values.get(field.key), what)) is not None:
                return Told(said, dict(field.options)[values[field.key]])
        return None

    def limit_of(self, values: Mapping[str, Any]) -> Told | None:
        """The time limit that a choice among a case's values sets, and the name of the choice."""
        told = self.told(values, "limit")
        return told and told._replace(said=limit_from(told.said))

    def limit_for(self, values: Mapping[str, Any]) -> Limit | None:
        """The time limit of a case with these values: that of its class, else the kind's."""
        told = self.limit_of(values)
        return told.said if told else self.limit

    @property
    def ladder(self) -> list[Rung]:
        """Whom a case that stays overdue is told to, and how long after its deadline."""
        return rungs_from(self.definition)

    def within(self, values: Mapping[str, Any], step: str) -> StageLimit | None:
        """Within what time a step (verify, dispatch, accept, handle, check) is done in a case with these values."""
        told = self.told(values, "within")
        by_class = (told.said if told else {}).get(step)
        rule = by_class or (self.definition.get("within") or {}).get(step)
        if rule is None:
            return None
        source = rule.get("source") or (told.by if told and by_class else "")
        return StageLimit(limit_from(rule), source, tuple(rungs_from(rule)))

    @property
    def parts(self) -> dict[str, list[str]]:
        """Which fields name the posts and units that answer for a record, by their part (lead, joint, assisting)."""
        return dict(self.definition.get("parts") or {})


class RecordQuerySet(models.QuerySet[Any]):
    """Reads of records; every one outside this package starts at ``visible_to``."""

    def visible_to(self, actor: Actor) -> Self:
        """What lies below the actor's prefix, stands with the unit, or is assigned to post or unit (or its subject).

        Records of a restricted kind are seen only by whom they are assigned to and by the post that entered them
        (need to know: GB/T 22239-2019 8.1.4.2 d and f); a case also by the unit whose turn it is.

        One rule, two plans (docs/decisions/0014): who sees much has each row tested as it comes in the order of the
        list; for who sees little the rows are gathered by their ids first.
        """
        return self._seen_by(actor, in_order=actor.is_system or actor.wide)

    def gathered_for(self, actor: Actor) -> Self:
        """The same, found by path or by their ids first: for whoever counts them all, and for whom there are few."""
        return self._seen_by(actor, in_order=False)

    def tested_for(self, actor: Actor) -> Self:
        """The same rows, each tested as it comes: for a list in its order, and for a few known by their ids."""
        return self._seen_by(actor, in_order=True)

    def beside(self, actor: Actor) -> Self:
        """What the actor sees outside its path, of kinds that are not restricted."""
        return self.filter(SeenBeside(F("pk"), actor))

    def _seen_by(self, actor: Actor, *, in_order: bool) -> Self:
        return self.filter(under(actor.path) if actor.is_system else Seen(F("pk"), actor, in_order=in_order))

    def of_kind(self, key: str) -> Self:
        return self.filter(kind__key=key)


class Record(models.Model):
    """The fixed, indexed columns of every record; the other fields of its kind are typed and live in ``fields``."""

    seen_through: tuple[tuple[str, str], ...] = ()
    # Whether being given to a unit is what ``unit`` says (a case's turn), and not only who keeps the record.
    given_with_unit = False
    # Whether open records move along when their place is put under another.
    follows_its_place = True

    client_id = models.UUIDField(null=True, unique=True, editable=False)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+", db_index=False)
    office = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    path = PathField(max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    stage = models.CharField(max_length=16, default="open")
    title = models.CharField(max_length=120)
    business_key = models.CharField(max_length=60, blank=True)
    amount_fen = models.BigIntegerField(null=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    happened_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    fields = models.JSONField(default=dict)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["office", "kind", "business_key"],
                condition=~Q(business_key=""),
                name="%(class)s_business_key",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) ^ Q(stage__in=ENDED), name="%(class)s_is_open_until_closed_at"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "path", "happened_on"], name="%(class)s_kind_path_day"),
            models.Index(fields=["unit", "path"], name="%(class)s_unit_path"),
            models.Index(fields=["recorded_by", "id"], name="%(class)s_by_recorder"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def due_day(self) -> date | None:
        """The day by which it is to be done; None where its noun knows none."""
        return None

    def value(self, field: Field) -> Any:
        """The stored value of a field, wherever it lives."""
        if field.column:
            return getattr(self, field.attribute)
        return self.fields.get(field.key)


def day_indexes(name: str) -> list[models.Index]:
    """The index behind lists of what happens: a page is read in order, sight and stage tested without the row."""
    return [models.Index(fields=["kind", "-happened_on", "-id", "path", "stage"], name=f"{name}_in_order")]


def ledger_indexes(name: str) -> list[models.Index]:
    """The index behind lists of what exists or was promised, in the order of the ledger."""
    return [models.Index(fields=["kind", "id", "path", "stage"], name=f"{name}_in_order")]


def has_its_day(name: str) -> models.CheckConstraint:
    """What happens has a day, at the least that of its recording: lists are in order of days."""
    return models.CheckConstraint(condition=Q(happened_on__isnull=False), name=f"{name}_has_its_day")
