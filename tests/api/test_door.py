"""A program's call passes what it needs and nothing made for pages, and loses no protection by that."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import office as offices
from tests.factories.calls import key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return offices.office()


@pytest.fixture
def key(made):
    return key_of(made, "grid")


def test_what_protects_a_browser_is_sent_all_the_same(key):
    answer = Client().get("/api/v1/me", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY"
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert not answer.cookies


def test_a_refusal_is_in_the_callers_language(key):
    headers = {"authorization": "Bearer unknown"}
    assert (
        "Send a valid key" in Client().get("/api/v1/me", headers=headers | {"accept-language": "en"}).content.decode()
    )
    assert "密钥" in Client().get("/api/v1/me", headers=headers | {"accept-language": "zh"}).content.decode()


def test_another_host_is_refused(key):
    assert (
        Client().get("/api/v1/me", headers={"authorization": f"Bearer {key}", "host": "evil.test"}).status_code == 400
    )


def test_a_session_is_neither_asked_for_nor_taken_for_a_key(made):
    caller = Client()
    caller.force_login(made.account("grid"))
    with CaptureQueriesContext(connection) as captured:
        assert caller.get("/api/v1/me", headers={"authorization": "Bearer unknown"}).status_code == 401
    assert not [q for q in captured.captured_queries if "session" in q["sql"]]
    assert caller.get("/api/v1/me").status_code == 401


def test_an_address_there_is_not_is_404_and_the_description_is_still_a_page(key):
    assert Client().get("/api/v1/nothing", headers={"authorization": f"Bearer {key}"}).status_code == 404
    assert Client().get("/api/v1/docs").status_code == 200
