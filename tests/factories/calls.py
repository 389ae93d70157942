"""Calling the API as a post of an office made by ``tests.factories.office``; calling the application itself."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client

from tests.factories.office import FOUNDED, MONDAY, Office, moment
from zijing.people.actions import issue_token
from zijing.places.actions import set_clock

NINE = moment(MONDAY, 9)


def let_clock_show(made: Office, at: datetime = NINE) -> None:
    """Let the office's clock, and its county's, show this time."""
    set_clock(actor=made.system, at=at, office=made.place, shows=at)
    type(made.place).objects.filter(pk=made.county.pk).update(clock_shift=made.place.clock_shift)


@contextmanager
def closing_nothing() -> Iterator[None]:
    """A request closes no connection, as in Django's own test client: the test lies in a transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


@dataclass
class Api:
    """The API as one key sees it; answers are Django test responses."""

    key: str
    language: str = "en"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Accept-Language": self.language}

    def get(self, path: str) -> HttpResponse:
        return self.client.get(f"/api/v1/{path}", headers=self.headers)  # type: ignore[return-value]

    def post(self, path: str, body: Any = None) -> HttpResponse:
        return self.send("POST", path, body)

    def patch(self, path: str, body: Any = None) -> HttpResponse:
        return self.send("PATCH", path, body)

    def send(self, method: str, path: str, body: Any = None) -> HttpResponse:
        data = b"" if body is None else json.dumps(body).encode()
        return self.client.generic(  # type: ignore[return-value]
            method, f"/api/v1/{path}", data, content_type="application/json", headers=self.headers
        )


def key_of(made: Office, role: str) -> str:
    """A new key for the post of this role."""
    username = made.account(role).username
    return issue_token(actor=made.system, at=FOUNDED, username=username, post_code=f"P-{role}", label="test")


def api(made: Office, role: str) -> Api:
    """The API as the post of this role sees it."""
    return Api(key_of(made, role))
