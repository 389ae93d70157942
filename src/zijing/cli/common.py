"""What several commands share: which office is meant, and as whom the operator acts."""

from collections.abc import Callable
from datetime import date
from typing import Any

import click
from django.utils.translation import gettext

from zijing.cli.texts import _
from zijing.core.errors import Invalid, Missing
from zijing.people.access import Actor, system_actor
from zijing.places import clock
from zijing.places.models import Level, Place

DATE = click.DateTime(["%Y-%m-%d"])


def office_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--office CODE``, handed on as ``office_code``."""
    return click.option("--office", "office_code", metavar="CODE", help=_("Division code of the office."))(command)


def offices(code: str | None = None) -> list[Place]:
    """Every office, or the one with ``code``; ``Missing`` when there is no such office.

    A subdistrict's or town's code of nine digits is that of twelve with three zeros (GB/T 10114; the statistical code).
    """
    found = Place.objects.offices().order_by("path")
    if code:
        found = found.with_code(code.ljust(12, "0") if len(code) in {6, 9} else code)
    if code and not found:
        raise Missing(gettext("There is no office with code %(code)s."), code=code)
    return list(found)


def chosen_office(code: str | None) -> Place:
    """The office with ``code``; without one the only office there is, its county aside."""
    found = offices(code)
    if not code:
        found = [o for o in found if o.level == Level.OFFICE] or found
    if not found:
        raise Missing(gettext("There is no office yet. Found one: zijing init CODE NAME"))
    if len(found) > 1:
        codes = ", ".join(sorted(code_of(o) for o in found))
        raise Invalid(gettext("There are several offices; say which: --office CODE (%(codes)s)"), codes=codes)
    return found[0]


def code_of(place: Place) -> str:
    """The division code the place carries now."""
    current = place.codes.filter(until=None).first()
    return current.code if current else ""


def operator(office: Place) -> Actor:
    """The operator acting for one office: every verb, and the sight of that office."""
    return system_actor(office, "cli")


def day_of(office: Place, given: Any) -> date:
    """The day an option names (a click date), else today by the office's clock."""
    return given.date() if given else clock.today(office)
