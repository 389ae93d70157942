"""Addresses that a page writes a hundred times, worked out once a process."""

import re
from functools import cache
from urllib.parse import quote_plus

from django.urls import reverse

PLAIN = re.compile(r"[A-Za-z0-9_.,~-]*").fullmatch


@cache
def page_of(name: str, *args: str | int) -> str:
    """The page of a name: for the few pages there are, not for those of records."""
    return reverse(name, args=args)


def list_of(kind: str, query: str = "", **conditions: object) -> str:
    """The page of the list of a kind: of the records that meet a query, or the conditions."""
    asked = query or "&".join([f"{key}={_written(str(value))}" for key, value in conditions.items()])
    return page_of("list", kind) + (f"?{asked}" if asked else "")


def page_at(name: str, pk: int, *args: str) -> str:
    """A page of a record: by its name, the record's id, and what stands in the address besides, before the id."""
    return page_of(name, *args, 0).replace("/0/", f"/{pk}/")


def _written(value: str) -> str:
    """A value as an address has it: most are plain numbers, days and words, which need no quoting."""
    return value if PLAIN(value) else quote_plus(value, safe=",.")


def project_at(pk: int) -> str:
    """The page of a project."""
    return page_at("project", pk)


def case_at(pk: int) -> str:
    """The page of a case."""
    return page_at("case", pk)


def case_step_at(pk: int, verb: str) -> str:
    """Where a step of a case is sent."""
    return page_of("case-step", 0, verb).replace("/0/", f"/{pk}/")
