"""What a caller of GeoReport v2 says, read leniently: an empty argument is one that was not given."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from zijing.api.auth import Caller, caller_of
from zijing.core.errors import Invalid, Refused
from zijing.core.worktime import ZONE
from zijing.packs.requests import Wanted
from zijing.packs.services import Service, Told, service_of
from zijing.places.models import Place
from zijing.records.files import MAX_BYTES, Upload

SPAN = timedelta(days=90)
ATTRIBUTE = re.compile(r"^attribute\[([^\]]*)\](\[\])?$")
LONGEST = {"description": 4000, "address_string": 300, "media_url": 500}


def said(sent: QueryDict, name: str) -> str:
    """An argument without outer blanks, "" when it is not given."""
    return (sent.get(name) or "").strip()


def listed(sent: QueryDict, name: str) -> list[str]:
    """An argument that may be given several times and with commas."""
    return [part.strip() for text in sent.getlist(name) for part in text.split(",") if part.strip()]


def key_of(request: HttpRequest, sent: QueryDict) -> Caller | None:
    """Whom ``api_key`` stands for, None without one; ``Refused`` for one that is none."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    key = said(sent, "api_key") or said(request.GET, "api_key") or bearer
    found = caller_of(key) if key else None
    if key and found is None:
        raise Refused(_("The api_key is unknown or has ended."), field="api_key")
    return found


def needed_key(request: HttpRequest, sent: QueryDict, office: Place) -> Caller:
    """Whom ``api_key`` stands for; ``Refused`` without one, or for another office's."""
    found = key_of(request, sent)
    if found is None:
        raise Refused(_("Send an api_key. The office's operator makes one."), field="api_key")
    if found.office.pk != office.pk:
        raise Refused(_("This api_key belongs to another office."), field="api_key")
    return found


def moment_of(sent: QueryDict, name: str) -> datetime | None:
    """A time as the W3C writes it, with an offset; a day alone begins in China. ``Invalid`` for anything else."""
    text = said(sent, name)
    if not text:
        return None
    text = re.sub(r" (?=\d\d:\d\d$)", "+", text)  # a plus sign that nobody encoded
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), time(), ZONE)
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(ZONE)
    except (ValueError, OverflowError):
        pass
    raise Invalid(_("“%(field)s” is a time with an offset: 2010-01-01T00:00:00Z."), field=name)


def wanted_of(sent: QueryDict, found: Mapping[str, Service], now: datetime) -> Wanted:
    """Which requests are asked for; numbers override everything else, and a range spans at most 90 days."""
    if numbers := listed(sent, "service_request_id"):
        return Wanted(numbers=[int(n) for n in numbers if n.isdecimal() and n.isascii() and len(n) < 19])
    statuses = {status.lower() for status in listed(sent, "status")}
    if not statuses <= {"open", "closed"}:
        raise Invalid(_("“status” is open or closed."), field="status")
    since, until = moment_of(sent, "start_date"), moment_of(sent, "end_date")
    since, until = _range(since, until, now)
    return Wanted(
        codes=[service_of(found, code) for code in listed(sent, "service_code")], since=since, until=until,
        open=statuses == {"open"} if len(statuses) == 1 else None,
    )  # fmt: skip


def _range(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    try:
        if since is None:
            until = until or now
            since = until - SPAN
        until = until or since + SPAN
    except OverflowError as error:
        raise Invalid(_("These days are out of reach."), field="start_date") from error
    if until < since:
        raise Invalid(_("end_date lies before start_date."), field="end_date")
    if until - since > SPAN:
        raise Invalid(_("start_date and end_date are at most 90 days apart."), field="end_date")
    return since, until


def told_of(sent: QueryDict) -> Told:
    """Text, place and telephone of a new request; who sent it is not kept."""
    for name, most in LONGEST.items():
        if len(said(sent, name)) > most:
            raise Invalid(_("“%(field)s” is longer than %(most)s characters."), field=name, most=most)
    return Told(
        text=said(sent, "description"), position=_position(sent), address=said(sent, "address_string"),
        address_id=said(sent, "address_id"), media=said(sent, "media_url"), phone=said(sent, "phone"),
    )  # fmt: skip


def _position(sent: QueryDict) -> tuple[float, float] | None:
    lat, long = said(sent, "lat"), said(sent, "long")
    if not lat and not long:
        return None
    if not (lat and long):
        raise Invalid(_("lat and long are given together."), field="lat" if long else "long")
    try:
        position = float(long), float(lat)
    except ValueError as error:
        raise Invalid(_("lat and long are numbers of degrees."), field="lat") from error
    if not (-180 <= position[0] <= 180 and -90 <= position[1] <= 90):
        raise Invalid(_("lat and long are numbers of degrees."), field="lat")
    return position


def answers_of(sent: QueryDict) -> dict[str, Any]:
    """The values of ``attribute[code]`` and ``attribute[code][]``, by code; several as a list."""
    answers: dict[str, Any] = {}
    for name in sent:
        if match := ATTRIBUTE.match(name):
            given = [text.strip() for text in sent.getlist(name) if text.strip()]
            if given:
                answers[match[1]] = given if match[2] or len(given) > 1 else given[0]
    return answers


def files_of(request: HttpRequest) -> list[Upload]:
    """The files of a multipart form (an addition many clients use); of one too large only enough to say so."""
    files = (file for _name, files in request.FILES.lists() for file in files)
    return [Upload(file.read(MAX_BYTES + 1), file.name or "") for file in files if file.size]


def client_id_of(sent: QueryDict) -> UUID:
    """The id that a client made so that it may send again (our addition), else a new one."""
    text = said(sent, "client_id")
    try:
        return UUID(text) if text else uuid4()
    except ValueError as error:
        raise Invalid(_("“client_id” is a UUID."), field="client_id") from error
