"""The cases of the replay: every tale's filing and moves, each by the post whose turn it is."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from zijing.cases import actions
from zijing.cases.access import next_steps
from zijing.cases.models import Case, Supervision
from zijing.cases.supervision import strike_off, supervise
from zijing.core.worktime import day_of
from zijing.demo.chance import identity
from zijing.demo.days import moment
from zijing.demo.rounds import values_of
from zijing.demo.tales import Move, Tale, filed_at, moves, supervised_until
from zijing.demo.world import Happening, World
from zijing.packs.intake import record
from zijing.people.access import Actor
from zijing.people.models import Unit

# Which unit puts what right; the class of a blocker or an issue that is not named here stays with those on the spot.
IN_CHARGE = {
    "land": "ZZS", "relocation": "ZZS", "funds": "JJB", "utilities": "CJB", "environment-control": "HBB", "dust": "HBB",
}  # fmt: skip
ASTRAY = "CJB"
SENDERS = {
    "blocker": "XMB", "finding": "XMB", "issue": "XMB", "hazard": "AJB", "fire-passage": "AJB", "lag": "DCB",
    "compound-problem": "ZZB", "hotline-order": "BMZ",
}  # fmt: skip
CHECKERS = SENDERS | {"finding": "DCB", "issue": "ZZB"}
LEADS = {"Z05": "TJZ", "Z02": "TJZ", "Z10": "JJB", "Z25": "CJB"}
FINDERS = {
    "hazard": "expert", "fire-passage": "community", "compound-problem": "community", "lag": "target_office",
    "hotline-order": "hotline_clerk",
}  # fmt: skip


def on(world: World, day: date) -> Iterator[Happening]:
    """What is filed and moved on ``day``."""
    for tale in world.tales:
        at = filed_at(tale)
        if day_of(at) == day and tale.by_report:
            yield Happening(moment(day, 17, 55), f"file {tale.key}", partial(_file_if_missing, world, tale))
        elif day_of(at) == day:
            yield Happening(at, f"file {tale.key}", partial(_file, world, tale, at))
        for n, move in enumerate(moves(tale)):
            if day_of(move.at) == day:
                yield Happening(move.at, f"move {tale.key} {n}", partial(_move, world, tale, move))


def _file_if_missing(world: World, tale: Tale) -> int:
    """File what should have come with a daily report when none was sent, the project being done or not begun."""
    return 0 if _find(world, tale) else _file(world, tale, moment(tale.filed, 17, 55))


def _file(world: World, tale: Tale, at: datetime) -> int:
    if tale.kind in FINDERS:
        actor, values = _found(world, tale)
    elif tale.kind == "issue":
        place = world.places[tale.place]
        actor = world.cast.one("grid", "community", place=place.pk)
        values = {"what": tale.what, "class": tale.type, "place": f"#{place.pk}"}
    else:
        project = world.by_code[tale.project]
        actor = world.cast.team(project.pk) if tale.kind == "blocker" else _of(world, "DCB", "cases.file")
        word = "class" if tale.kind == "blocker" else "severity"
        values = {"project": f"#{project.pk}", "what": tale.what, word: tale.type}
    record(actor=actor, at=at, kind=world.kinds[tale.kind], values=values, client_id=identity(tale.key))
    return 1


def _found(world: World, tale: Tale) -> tuple[Actor, dict[str, object]]:
    """Who files a case of the other packs, and what: the community's people where it lies, else who looks for it."""
    place, role = world.places[tale.place], FINDERS[tale.kind]
    actor = world.cast.one(role, place=place.pk) if role == "community" else world.cast.one(role)
    values: dict[str, object] = {"what": tale.what, **values_of(tale)}
    if "place" in world.kinds[tale.kind].by_key:
        values["place"] = f"#{place.pk}"
    return actor, values


def _find(world: World, tale: Tale) -> Case | None:
    """The case of a tale: by its client-made id, or the one that came with the report."""
    cases = Case.objects.filter(kind=world.kinds[tale.kind]).select_related("unit", "kind")
    if not tale.by_report:
        return cases.filter(client_id=identity(tale.key)).first()
    return cases.filter(subject=world.by_code[tale.project].pk, title=tale.what, happened_on=tale.filed).first()


def _of(world: World, unit: str, verb: str) -> Actor:
    return world.cast.in_unit(world.units[unit].pk, verb) or world.cast.system


def unit_in_charge(world: World, tale: Tale) -> Unit:
    """The unit that should put it right."""
    if tale.kind in {"blocker", "issue"} and tale.type in IN_CHARGE:
        return world.units[IN_CHARGE[tale.type]]
    if tale.kind == "lag":
        return world.units[LEADS.get(tale.type.partition("/")[0], "TJZ")]
    if tale.kind in FINDERS:
        return world.unit_at(world.places[tale.place].pk)
    if tale.kind == "issue":
        return world.unit_at(world.places[tale.place].parent_id)
    project = world.by_code[tale.project].pk
    unit = world.cast.section_unit(project) if tale.type == "approval" else world.cast.team_unit(project)
    return next(u for u in world.units.values() if u.pk == unit)


def _move(world: World, tale: Tale, move: Move) -> int:
    """Make a move, unless the case has gone another way: then somebody else has taken it in hand."""
    case = _find(world, tale)
    if case is None:
        return 0
    if move.verb in {"supervise", "strike_off"}:
        return _list(world, case, move)
    actor = _who(world, tale, case, move)
    if move.verb not in {m.verb for m in next_steps(case, actor)}:
        return 0
    match move.verb:
        case "dispatch":
            unit = world.units[ASTRAY] if move.astray else unit_in_charge(world, tale)
            actions.dispatch(actor=actor, at=move.at, case=case, unit=unit, reason=move.reason)
        case "accept":
            actions.accept(actor=actor, at=move.at, case=case)
        case "object":
            actions.object_(actor=actor, at=move.at, case=case, reason=move.reason)
        case _:
            getattr(actions, move.verb)(actor=actor, at=move.at, case=case, reason=move.reason)
    return 1


def _who(world: World, tale: Tale, case: Case, move: Move) -> Actor:
    if move.who == "unit":
        return world.cast.in_unit(case.unit_id, "cases.handle") or world.cast.system
    unit = SENDERS[tale.kind] if move.who == "sender" else CHECKERS[tale.kind]
    return _of(world, unit, "cases.dispatch" if move.who == "sender" else "cases.check")


def _list(world: World, case: Case, move: Move) -> int:
    """Put a case on the list of a level, or strike it off."""
    actor = world.cast.one("county") if move.who == "county" else world.cast.leader(case.subject_id or 0)
    standing = Supervision.objects.of(case).standing().filter(level=move.who).select_related("listed_by")
    if move.verb == "strike_off":
        for listed in standing:
            strike_off(actor=actor, at=move.at, supervision=listed, reason=move.reason)
        return len(standing)
    if case.closed_at or standing.exists():
        return 0
    until, public = supervised_until(move.at), move.who == "county"
    supervise(actor=actor, at=move.at, subject=case, level=move.who, reason=move.reason, until=until, public=public)
    return 1
