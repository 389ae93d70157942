"""Calling Open311 as another program does: addresses, forms, and both formats read the same way."""

import json
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpResponse
from django.test import Client

from tests.factories.calls import key_of
from tests.factories.office import MONDAY, Office, moment

OFFICE = "410181005000"
AT = moment(MONDAY, 10)
SINGLE = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "errors": "error", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip


def from_xml(element: ET.Element) -> Any:
    """XML by the Spark convention: what the JSON must be, all values as text."""
    if element.tag in SINGLE:
        assert {child.tag for child in element} <= {SINGLE[element.tag]}
        return [from_xml(child) for child in element]
    return {child.tag: from_xml(child) for child in element} if len(element) else element.text


def as_text(content: Any) -> Any:
    """JSON with its values as XML writes them."""
    if isinstance(content, dict):
        return {name: as_text(value) for name, value in content.items()}
    if isinstance(content, list):
        return [as_text(part) for part in content]
    return None if content is None else str(content).lower() if isinstance(content, bool) else str(content)


@dataclass
class Open311:
    """A program with a key of an office, or without one."""

    key: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    language: str = "en"

    def get(self, path: str, /, **said: Any) -> HttpResponse:
        return self.client.get(f"/open311/{path}", said, headers={"Accept-Language": self.language})  # type: ignore[return-value]

    def post(self, path: str = "v2/requests.json", /, **said: Any) -> HttpResponse:
        form = {"api_key": self.key, "jurisdiction_id": OFFICE, **said}
        sent = {name: value for name, value in form.items() if value is not None}
        return self.client.post(  # type: ignore[return-value]
            f"/open311/{path}", urlencoded(sent), content_type="application/x-www-form-urlencoded; charset=utf-8",
            headers={"Accept-Language": self.language},
        )  # fmt: skip

    def json(self, path: str, status: int = 200, /, **said: Any) -> Any:
        answer = self.get(path, **said)
        assert answer.status_code == status, answer.content.decode()
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        return json.loads(answer.content)

    def xml(self, path: str, status: int = 200, /, **said: Any) -> ET.Element:
        answer = self.get(path, **said)
        assert answer.status_code == status, answer.content.decode()
        return root_of(answer)

    def report(self, **said: Any) -> dict[str, Any]:
        answer = self.post(**{"service_code": "request.facilities", "lat": "34.755", "long": "113.005"} | said)
        assert answer.status_code == 200, answer.content.decode()
        [made] = json.loads(answer.content)
        return made  # type: ignore[no-any-return]


def root_of(answer: HttpResponse) -> ET.Element:
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    text = answer.content.decode("utf-8")
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    return ET.fromstring(answer.content)


def urlencoded(form: dict[str, Any]) -> str:
    from urllib.parse import urlencode

    return urlencode(form, doseq=True)


def program(made: Office, role: str = "grid") -> Open311:
    """A program with a key of this post."""
    return Open311(key_of(made, role))
