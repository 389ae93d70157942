"""Verbs on packs: say what would change, and apply it; applying again changes nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zijing.assessment.actions import drop_scheme, put_scheme
from zijing.assessment.models import Scheme
from zijing.core.errors import DomainError, Invalid, Refused, Several
from zijing.figures.actions import put_declared, put_figure
from zijing.figures.models import Figure
from zijing.journal.acting import Act, act
from zijing.outbox.models import Rhythm
from zijing.outbox.rhythm import next_after
from zijing.packs.changes import Change, in_words
from zijing.packs.contents import Pack
from zijing.packs.losses import refusals
from zijing.packs.models import Adoption, Applied
from zijing.packs.schema import as_numbers
from zijing.packs.standing import KEYS, Row, Standing, compare
from zijing.people.access import Actor, require, system_actor
from zijing.places.models import Place
from zijing.records.models import Kind


def diff(pack: Pack, offices: Iterable[Place] = ()) -> list[Change]:
    """What applying the pack would change, a line each; empty when nothing would. ``offices`` adds their rhythms."""
    return in_words(compare(pack, Standing.read(), offices))


def examine(pack: Pack, standing: Standing, offices: Iterable[Place]) -> tuple[list[Change], list[DomainError]]:
    """What applying the pack would change, and why it cannot be applied; no changes where something stands against."""
    rows, problems = _weigh(pack, standing, list(offices))
    return in_words(rows), problems


def _weigh(pack: Pack, standing: Standing, offices: list[Place]) -> tuple[list[Row], list[DomainError]]:
    """What to write, or else what is required, who owns a name already and what in use would be lost."""
    if unmet := list(_unmet(pack, standing.editions)):
        return [], unmet
    rows = compare(pack, standing, offices)
    problems = list(refusals(pack, standing, rows, offices))
    return ([], problems) if problems else (rows, [])


def apply(*, at: datetime, pack: Pack, offices: Iterable[Place], actor: Actor | None = None) -> list[Change]:
    """Apply a pack to the installation and set its rhythms in the offices; returns what changed.

    Kinds, roles and figures are shared by all offices of an installation: where another office has the pack too, they
    are changed from the office above both, or by the operator at the command line (no ``actor``). ``Several`` names
    everything that would be lost or contradicts what stands; then nothing changes.
    """
    offices = list(offices)
    if not offices:
        raise Invalid(_("There is no office yet. Run “zijing init CODE NAME” first."))
    who = actor or system_actor(offices[0], "cli")
    require(who, "packs.apply")
    with act(who, at) as a:
        rows, problems = _weigh(pack, Standing.read(), offices)
        if problems:
            raise Several(problems)
        if any(row.model is not Rhythm for row in rows):
            _refuse_over_others_heads(who, pack)
        changes = in_words(rows)
        _write(pack, rows, at)
        _note(a, pack, offices, actor)
    return changes


def _unmet(pack: Pack, editions: Mapping[str, str]) -> Iterable[DomainError]:
    """Requirements that are not applied, or too old; and a step back to an older edition."""
    for key, least in pack.spec.needs.items():
        if key not in editions:
            yield Invalid(_("Apply the pack “%(key)s” first."), key=key)
        elif as_numbers(editions[key]) < as_numbers(least):
            yield Invalid(
                _("“%(pack)s” requires “%(key)s” from edition %(least)s; %(edition)s is applied. Upgrade it first."),
                pack=pack.spec.key, key=key, least=least, edition=editions[key],
            )  # fmt: skip
    standing = editions.get(pack.spec.key, "")
    if as_numbers(pack.spec.edition) < as_numbers(standing):
        yield Invalid(
            _("Edition %(edition)s of “%(pack)s” is older than %(standing)s, which is applied."),
            pack=pack.spec.key, edition=pack.spec.edition, standing=standing,
        )  # fmt: skip


def _refuse_over_others_heads(actor: Actor, pack: Pack) -> None:
    adopted = Adoption.objects.filter(pack__key=pack.spec.key)
    outside = adopted.exclude(office__path__startswith=actor.office_path).select_related("office").first()
    if outside:
        raise Refused(
            _("%(office)s works with this pack too. Ask the administrator of the office above both to apply it."),
            office=outside.office.name,
        )


def _write(pack: Pack, rows: list[Row], at: datetime) -> None:
    """Figures go before the kinds they count, and come after them."""
    for row in rows:
        if row.model is Figure and row.wanted is None and row.standing:
            row.standing.delete()
    for row in rows:
        if row.model is Rhythm:
            _set_rhythm(row, at)
        elif row.model not in {Figure, Scheme}:
            _put(row)
    kinds = dict(Kind.objects.values_list("key", "pk"))
    of = {f.key: kinds.get(f.kind or "") for f in pack.figures}
    for row in rows:
        if row.model is Figure and row.wanted is not None:
            put_figure(key=row.name, columns=row.wanted | {"kind_id": of[row.name]}, at=at)
    put_declared(at)
    _write_schemes(rows, at)


def _write_schemes(rows: list[Row], at: datetime) -> None:
    for row in rows:
        if row.model is Scheme and row.wanted is not None:
            put_scheme(key=row.name, columns=row.wanted, at=at)
        elif row.model is Scheme and row.standing is not None:
            drop_scheme(row.standing)


def _put(row: Row) -> None:
    names = dict(zip(KEYS[row.model], row.key, strict=True))
    if row.standing is None:
        row.model._default_manager.create(**names, **(row.wanted or {}))
    elif row.wanted is None:
        row.standing.delete()
    else:
        row.model._default_manager.filter(pk=row.standing.pk).update(
            **{k: new for k, (_old, new) in row.changed.items()}
        )


def _set_rhythm(row: Row, at: datetime) -> None:
    """A rhythm begins from ``at``; one that is changed falls due anew."""
    if row.wanted is None:
        row.standing.delete()  # type: ignore[union-attr]
        return
    rhythm = row.standing or Rhythm(office_id=row.key[0], key=row.key[1])
    for name, value in row.wanted.items():
        setattr(rhythm, name, value)
    rhythm.next_at = next_after(rhythm, at)
    rhythm.save()


def _note(a: Act, pack: Pack, offices: list[Place], actor: Actor | None) -> None:
    """Keep the edition applied, and note in the journal of every office that has a new one."""
    now = {"edition": pack.spec.edition, "digest": pack.digest}
    row, _made = Applied.objects.get_or_create(key=pack.spec.key, defaults={**now, "applied_at": a.at})
    if row.digest != pack.digest:
        Applied.objects.filter(pk=row.pk).update(**now, applied_at=a.at)
    standing = {s.office_id: s for s in Adoption.objects.filter(pack=row, office__in=offices)}
    for office in offices:
        before = standing.get(office.pk)
        if before and before.digest == pack.digest:
            continue
        Adoption.objects.update_or_create(pack=row, office=office, defaults={**now, "adopted_at": a.at})
        changes = {"pack": [None, pack.spec.key]}
        changes |= {name: [getattr(before, name, None), value] for name, value in now.items()}
        who = actor if actor and actor.office_id == office.pk else system_actor(office, "cli")
        a.record("packs.apply", row, changes, path=office.path, actor=who)
