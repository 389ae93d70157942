"""What a pack must not take: fields, choices, kinds, roles and figures in use, and what belongs to another pack."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext, gettext_lazy as _

from zijing.assessment.models import Mark, Run, Scheme
from zijing.core.errors import DomainError, Invalid
from zijing.figures.models import Figure, Publication
from zijing.figures.queries import model_of
from zijing.outbox.models import Rhythm
from zijing.packs.checks import Known, figure_problems, known_to
from zijing.packs.contents import Pack
from zijing.packs.schema import FigureRow
from zijing.packs.standing import Row, Standing, wanted
from zijing.people.models import Post, Role
from zijing.places.models import Place
from zijing.records.fields import Field, field_from
from zijing.records.models import Kind

# What decides how a value is kept: another value of these, and what was entered could not be read any more.
KEPT = ("type", "column", "personal", "several", "kind")
SAYS = {
    "type": _("the type"), "column": _("the fixed column"), "personal": _("whether it is personal"),
    "several": _("one value or several"), "kind": _("the kind it names"),
}  # fmt: skip


def refusals(pack: Pack, standing: Standing, rows: list[Row], offices: list[Place]) -> Iterator[DomainError]:
    """Everything that speaks against applying a pack, each with what would be lost or who owns it."""
    yield from _owned_by_others(pack, standing, offices)
    yield from _needed_by_others(pack, standing, rows)
    for row in rows:
        if row.model in LOSSES and row.standing is not None:
            yield from LOSSES[row.model](row)


def _owned_by_others(pack: Pack, standing: Standing, offices: list[Place]) -> Iterator[DomainError]:
    names = {
        Kind: _("kind"), Role: _("role"), Figure: _("figure"), Rhythm: _("rhythm"), Scheme: _("assessment scheme"),
    }  # fmt: skip
    mine = {model: list(rows) for model, rows in wanted(pack).items()}
    mine[Rhythm] = [(office.pk, r.key) for office in offices for r in pack.rhythms]
    for model, name in names.items():
        others = standing.others(pack, model)
        for other in (others[key] for key in mine[model] if key in others):
            yield Invalid(
                _("The %(what)s “%(key)s” belongs to the pack “%(pack)s”; “%(mine)s” cannot define it too."),
                what=name, key=other.key, pack=other.pack, mine=pack.spec.key,
            )  # fmt: skip


def _needed_by_others(pack: Pack, standing: Standing, rows: list[Row]) -> Iterator[DomainError]:
    """Fields and figures of other packs that would name what goes."""
    gone = {row.standing.key for row in rows if row.model is Kind and row.wanted is None and row.standing}
    secret = {k.key for k in pack.kinds if k.restricted}
    for kind in standing.others(pack, Kind).values():
        for described in kind.fields:
            if described.kind in gone:
                yield Invalid(
                    _("The kind “%(gone)s” cannot go: the field “%(field)s” of “%(kind)s” (pack “%(pack)s”) names it."),
                    gone=described.kind, field=described.key, kind=kind.key, pack=kind.pack,
                )  # fmt: skip
            elif described.kind in secret and not kind.restricted:
                yield Invalid(
                    _("The kind “%(named)s” cannot become restricted: the field “%(field)s” of “%(kind)s” (pack "
                      "“%(pack)s”), which is not, shows its names."),
                    named=described.kind, field=described.key, kind=kind.key, pack=kind.pack,
                )  # fmt: skip
    known = _known_after(pack, standing, rows)
    for figure in standing.others(pack, Figure).values():
        touched = not figure.declared and (figure.kind is None or figure.kind.pack == pack.spec.key)
        for _column, problem in figure_problems(_as_row(figure), known) if touched else ():
            yield Invalid(
                _("The figure “%(figure)s” of the pack “%(pack)s” could not be counted any more: %(problem)s"),
                figure=figure.key, pack=figure.pack, problem=problem,
            )  # fmt: skip


def _known_after(pack: Pack, standing: Standing, rows: list[Row]) -> Known:
    own = known_to(pack)
    gone = {row.key for row in rows if row.model is Figure and row.wanted is None}
    stay = [f for key, f in standing.rows[Figure].items() if not f.declared and key not in gone]
    return Known(own.kinds, {f.key: _as_row(f) for f in stay} | own.figures, own.foreign)


def _as_row(figure: Figure) -> FigureRow:
    columns = {name: getattr(figure, name) for name in FigureRow.model_fields if name != "kind"}
    return FigureRow.model_construct(**columns, kind=figure.kind.key if figure.kind else None)


# what is in use


def records_of(kind: Kind) -> QuerySet[Any]:
    """Every record of a kind, whoever may see it."""
    rows: QuerySet[Any] = model_of(kind.noun)._default_manager.filter(kind=kind).order_by("pk")
    return rows


def carrying(kind: Kind, described: Field) -> QuerySet[Any]:
    """The records of a kind in which a field is filled."""
    if not described.attribute:
        return records_of(kind).filter(fields__has_key=described.key)
    filled = records_of(kind).exclude(**{f"{described.attribute}__isnull": True})
    return filled.exclude(**{described.attribute: ""}) if described.column in {"title", "business_key"} else filled


def example_of(rows: QuerySet[Any]) -> str:
    """The first of some records as a person would look for it."""
    first = rows.select_related("kind").first()
    if first is not None and first.kind.restricted:
        return gettext("(not shown: of a restricted kind)")
    return f"{first.business_key or first.pk} {first.title}".strip() if first else ""


def _lost(text: Any, rows: QuerySet[Any], **params: Any) -> Iterator[DomainError]:
    if n := rows.count():
        yield Invalid(text, n=n, example=example_of(rows), **params)


def _of_kind(row: Row) -> Iterator[DomainError]:
    kind: Any = row.standing
    if row.wanted is None:
        text = _("The kind “%(kind)s” cannot go: %(n)s records would be lost, for example %(example)s.")
        yield from _lost(text, records_of(kind), kind=str(kind))
        return
    if row.wanted["noun"] != kind.noun:
        text = _("The kind “%(kind)s” cannot become another noun: it has %(n)s records, for example %(example)s.")
        yield from _lost(text, records_of(kind), kind=str(kind))
    new = {f["key"]: f for f in row.wanted["definition"]["fields"]}
    for described in kind.fields:
        yield from _of_field(kind, described, new.get(described.key))
    if kind.definition.get("business_key", "") != row.wanted["definition"].get("business_key", ""):
        text = _(
            "The business key of “%(kind)s” cannot change: %(n)s records are found by it, for example %(example)s."
        )
        yield from _lost(text, records_of(kind).exclude(business_key=""), kind=str(kind))


def _of_field(kind: Kind, old: Field, spec: Mapping[str, Any] | None) -> Iterator[DomainError]:
    if spec is None:
        text = _("“%(kind)s” would lose the field “%(label)s” (%(field)s), which is in use in %(n)s records, for "
                 "example %(example)s. Keep it, or empty it first.")  # fmt: skip
        yield from _lost(text, carrying(kind, old), kind=str(kind), field=old.key, label=old.label)
        return
    new = field_from(dict(spec))
    for name in KEPT:
        if getattr(old, name, None) != getattr(new, name, None):
            text = _("“%(kind)s”: %(what)s of the field “%(label)s” (%(field)s) cannot change, it is in use in %(n)s "
                     "records, for example %(example)s. Give the new field another key.")  # fmt: skip
            yield from _lost(
                text, carrying(kind, old), kind=str(kind), field=old.key, label=old.label, what=SAYS[name]
            )  # fmt: skip
            return
    yield from _of_choices(kind, old, {key for key, *_titles in new.choices})


def _of_choices(kind: Kind, old: Field, kept: set[str]) -> Iterator[DomainError]:
    for key, zh, en in (choice[:3] for choice in old.choices):
        if key in kept:
            continue
        text = _("“%(kind)s”: the choice “%(choice)s” (%(key)s) of the field “%(label)s” cannot go, it is in use in "
                 "%(n)s records, for example %(example)s.")  # fmt: skip
        yield from _lost(
            text, choosing(kind, old, key), kind=str(kind), label=old.label, key=key, choice=f"{zh} / {en}"
        )  # fmt: skip


def choosing(kind: Kind, described: Field, key: str) -> QuerySet[Any]:
    """The records of a kind that hold a choice."""
    rows = carrying(kind, described)
    if not getattr(described, "several", False):
        return rows.filter(**{described.attribute or f"fields__{described.key}": key})
    values = rows.annotate(held=F(f"fields__{described.key}")).values_list("pk", "held").iterator()
    return rows.filter(pk__in=[pk for pk, held in values if key in (held or [])])


def _of_role(row: Row) -> Iterator[DomainError]:
    posts = Post.objects.filter(role=row.standing).order_by("code") if row.wanted is None else Post.objects.none()
    if first := posts.first():
        yield Invalid(
            _("The role “%(role)s” cannot go: %(n)s posts have it, for example %(example)s."),
            role=str(row.standing), n=posts.count(), example=f"{first.code} {first.title}",
        )  # fmt: skip


def _of_figure(row: Row) -> Iterator[DomainError]:
    if row.wanted is not None or row.standing is None:
        return
    published = Publication.objects.filter(key=row.standing.key).order_by("period")
    if first := published.first():
        yield Invalid(
            _("The figure “%(figure)s” cannot go: it has been published %(n)s times, first for %(example)s."),
            figure=row.standing.key, n=published.count(), example=first.period,
        )  # fmt: skip


def _of_scheme(row: Row) -> Iterator[DomainError]:
    """A scheme that was used stays, and goes on assessing the same members over the same periods."""
    scheme: Any = row.standing
    fixed = ("population", "period")
    if row.wanted is not None and all(row.wanted[name] == getattr(scheme, name) for name in fixed):
        return
    rows = Run.objects.filter(version__scheme=scheme).order_by("since")
    if first := rows.first():
        yield Invalid(
            _("The scheme “%(scheme)s” has been used %(n)s times, first for %(example)s: it stays, and so do its "
              "population and period. Give the new one another key."),
            scheme=str(scheme), n=rows.count(), example=first.since,
        )  # fmt: skip
    elif Mark._default_manager.filter(scheme=scheme).exists() or scheme.versions.exclude(office=None).exists():
        text = _("Of the scheme “%(scheme)s” there are an office's own versions or marks: it stays as it is.")
        yield Invalid(text, scheme=str(scheme))


LOSSES: dict[type[Any], Callable[[Row], Iterator[DomainError]]] = {
    Kind: _of_kind, Role: _of_role, Figure: _of_figure, Scheme: _of_scheme,
}  # fmt: skip
