"""The state of the machinery: what beats, what has gone silent, how full the disk is, where the journals end."""

import platform
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from zijing import __version__
from zijing.journal.models import ChainHead
from zijing.outbox import pulse
from zijing.outbox.models import Pulse
from zijing.people.access import Actor, require
from zijing.places.models import Place, PlaceCode

READ = "machinery.read"
LEAST_FREE = 2**30
# The parts that always run, how often they are expected to succeed, and whether each office has its own.
TICKS, SEARCH, MESSAGES, VERIFY, BACKUP, JOBS = "ticks", "search", "messages", "verify", "backup", "jobs"
CHANNELS = "channels"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TITLES: dict[str, str | Promise] = {
    TICKS: gettext_lazy("what the clock makes due"),
    SEARCH: gettext_lazy("search index"),
    MESSAGES: gettext_lazy("messages"),
    VERIFY: gettext_lazy("check of the journal"),
    BACKUP: gettext_lazy("backup"),
    JOBS: gettext_lazy("background jobs"),
    "imports": gettext_lazy("imports"),
    CHANNELS: gettext_lazy("digests for mail and groups"),
    "mail": gettext_lazy("mail server"),
    "wecom": gettext_lazy("WeCom group robot"),
    "dingtalk": gettext_lazy("DingTalk group robot"),
}
PER_OFFICE = {TICKS: MINUTE, VERIFY: DAY}
FOR_ALL = (SEARCH, MESSAGES, JOBS, CHANNELS)


@dataclass(frozen=True)
class Part:
    """A part of the machinery: ``office`` is empty for what serves the whole installation."""

    name: str
    title: str
    office: str
    state: Pulse.State
    succeeded_at: datetime | None
    due_at: datetime | None
    note: str

    @property
    def well(self) -> bool:
        return self.state == Pulse.State.WELL


@dataclass(frozen=True)
class Gauge:
    """A measure with its sentence, and whether it is as it should be."""

    title: str
    shown: str
    well: bool = True


@dataclass(frozen=True)
class Head:
    """Where an office's journal ends, as an anchor to note elsewhere."""

    office: str
    code: str
    seq: int
    digest: str


@dataclass(frozen=True)
class Report:
    """All of it at one moment."""

    at: datetime
    parts: list[Part]
    gauges: list[Gauge]
    heads: list[Head]

    @property
    def well(self) -> bool:
        return all(p.well for p in self.parts) and all(g.well for g in self.gauges)


Measure = Callable[[Sequence[int]], Gauge]
_measures: list[Measure] = []


def register_measure(measure: Measure) -> None:
    """Let a floor above say how it is: ``measure(ids of offices)``."""
    _measures.append(measure)


def read(*, actor: Actor, at: datetime) -> Report:
    """The machinery as the actor's office sees it; ``at`` is real time. ``Refused`` without the right."""
    require(actor, READ)
    return report(list(Place.objects.visible_to(actor).offices().order_by("path")), at)


def report(offices: Sequence[Place], at: datetime) -> Report:
    """The machinery of the whole installation and of these offices at ``at`` (real time)."""
    ids = [o.pk for o in offices]
    gauges = [_free(), _size(), *(measure(ids) for measure in _measures), _version()]
    return Report(at, _parts(offices, at), gauges, _heads(offices))


def _parts(offices: Sequence[Place], at: datetime) -> list[Part]:
    found = {(p.name, p.office_id): p for p in Pulse.objects.filter(office=None)}
    found |= {(p.name, p.office_id): p for p in Pulse.objects.filter(office__in=[o.pk for o in offices])}
    expected: list[tuple[str, Place | None]] = [(name, office) for office in offices for name in PER_OFFICE]
    expected += [(name, None) for name in FOR_ALL]
    expected += [(BACKUP, None)] if settings.BACKUPS is not None else []
    parts = []
    for name, office in expected:
        parts.append(_part(name, office, found.pop((name, office.pk if office else None), None), at))
    names = {o.pk: o for o in offices}
    return parts + [_part(p.name, names.get(p.office_id or 0), p, at) for p in found.values()]


def _part(name: str, office: Place | None, known: Pulse | None, at: datetime) -> Part:
    title, where = str(TITLES.get(name, name)), office.name if office else ""
    if known is None:
        return Part(name, title, where, Pulse.State.SILENT, None, None, _("has never run; is “zijing work” running?"))
    state = pulse.state_of(known, at)
    return Part(name, title, where, state, known.succeeded_at, pulse.next_due(known), known.note)


def _free() -> Gauge:
    usage = shutil.disk_usage(settings.DATA)
    shown = _("%(free)s free of %(total)s") % {"free": _bytes(usage.free), "total": _bytes(usage.total)}
    return Gauge(_("disk of the data folder"), shown, well=usage.free >= LEAST_FREE)


def _size() -> Gauge:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return Gauge(_("database"), f"PostgreSQL, {_bytes(cursor.fetchone()[0])}")
    name = Path(str(connection.settings_dict["NAME"]))
    files = [name.with_name(name.name + end) for end in ("", "-wal")]
    return Gauge(_("database"), f"SQLite, {_bytes(sum(f.stat().st_size for f in files if f.exists()))}")


def _version() -> Gauge:
    versions = f"Zijing {__version__}, Python {platform.python_version()}, Django {django.get_version()}"
    return Gauge(_("version"), versions)


def behind(title: str, entries: int, *, most: int) -> Gauge:
    """A gauge of something that follows the journals, ``entries`` behind; ill beyond ``most``."""
    shown = ngettext("%(n)d entry behind", "%(n)d entries behind", entries) % {"n": entries}
    return Gauge(title, shown, well=entries <= most)


def _heads(offices: Sequence[Place]) -> list[Head]:
    heads = {h.office: h for h in ChainHead.objects.filter(office__in=[o.pk for o in offices])}
    codes = dict(PlaceCode.objects.filter(place__in=offices, until=None).values_list("place", "code"))
    return [Head(o.name, codes.get(o.pk, ""), heads[o.pk].seq, heads[o.pk].digest) for o in offices if o.pk in heads]


def _bytes(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
