"""A form whose sender goes away in the middle: nothing of it is taken, and whole it is taken once."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.factories.calls import closing_nothing, key_of
from tests.factories.office import Office, office
from tests.web.test_record_pages import issue_values
from tests.web.test_sending import JSON, photo
from tests.web.visiting import signed_in
from zijing.cases.models import Case
from zijing.config.wsgi import application
from zijing.journal.models import Receipt
from zijing.records.models import Attachment

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(settings: Any, tmp_path: Path) -> Office:
    settings.DATA = tmp_path
    return office()


def served(body: bytes, share: float, path: str, content_type: str, headers: dict[str, str]) -> str:
    """The status the application answers with, as a server calls it, to a sender who goes away after a share of it."""
    environ = RequestFactory().generic("POST", path, body, content_type, headers=headers).environ
    environ["wsgi.input"] = BytesIO(body[: int(len(body) * share)])
    heard: list[str] = []
    with closing_nothing():
        application(environ, lambda status, _headers, *_more: heard.append(status)).close()
    return heard[0]


@pytest.fixture
def sent(made: Office) -> Any:
    """Sends a share of a report with a photo; the status it was answered with."""
    client = signed_in(made, "grid")
    client.get("/new/issue/")
    cookies = {key: morsel.value for key, morsel in client.cookies.items()}
    body = encode_multipart(BOUNDARY, {**issue_values(made), "photo": photo()})
    headers = {**JSON, "x-csrftoken": cookies["csrftoken"], "cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}

    return lambda share: served(body, share, "/new/issue/", MULTIPART_CONTENT, headers)


@pytest.mark.parametrize("share", [0, 0.2, 0.5, 0.9, 0.99])
def test_what_broke_off_leaves_nothing_and_comes_again_whole(sent: Any, share: float) -> None:
    assert sent(share).startswith("400")
    assert not Case.objects.exists() and not Receipt.objects.exists()
    assert [sent(1), sent(1)] == ["200 OK"] * 2
    assert Case.objects.count() == Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "content_type"), [("cases", "application/json"), ("imports/place", "application/octet-stream")]
)
def test_a_program_is_told_the_same(made: Office, path: str, content_type: str) -> None:
    body = b"[" + b" " * 1000
    headers = {"authorization": f"Bearer {key_of(made, 'grid')}"}
    assert served(body, 0.5, f"/api/v1/{path}", content_type, headers).startswith("400")
    assert not Case.objects.exists()
