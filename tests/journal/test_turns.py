"""What is written outside an act, sessions and the sign-in log, waits for its turn as an act does."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.factories import office as offices
from zijing.core.outages import Unavailable
from zijing.journal.acting import WRITER
from zijing.outbox import pulse
from zijing.people import signing
from zijing.people.models import Session, SignIn

pytestmark = pytest.mark.django_db


@contextmanager
def another_writes():
    """Another thread has the turn, as long as this lasts."""
    has_it, may_go = threading.Event(), threading.Event()

    def write():
        assert WRITER.acquire(5)
        has_it.set()
        may_go.wait(30)
        WRITER.release()

    other = threading.Thread(target=write)
    other.start()
    assert has_it.wait(5)
    try:
        yield
    finally:
        may_go.set()
        other.join()


@pytest.fixture
def visitor(settings):
    settings.WRITE_WAIT = 0.05
    made, client = offices.office(), Client(raise_request_exception=False)
    client.force_login(made.account("grid"))
    return client


def noted():
    signing.note(name="x", account=None, address="", way="password", outcome=SignIn.Outcome.PASSWORD, at=timezone.now())


@pytest.mark.parametrize("write", [noted, lambda: pulse.beat("ticks", timezone.now(), every=timedelta(minutes=1))])
def test_who_writes_waits_for_the_turn(visitor, write):
    """Only SQLite has one writer; on PostgreSQL nobody waits for anybody here."""
    with another_writes():
        try:
            write()
            waited = False
        except Unavailable:
            waited = True
    assert waited == (connection.vendor == "sqlite")
    write()


def test_a_session_that_cannot_be_ended_just_now_is_said_so(visitor):
    with another_writes():
        answer = visitor.post("/sign-out/")
    assert answer.status_code == (503 if connection.vendor == "sqlite" else 302)
    assert visitor.post("/sign-out/").status_code == 302
    assert not Session.objects.exists()


def test_a_page_is_shown_although_it_cannot_be_noted_when_its_reader_was_seen(visitor):
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    with another_writes():
        assert visitor.get("/today/").status_code == 200


def test_a_sign_in_is_noted_with_its_account():
    account = offices.office().account("grid")
    signing.let_in(account=account, address="", way="password", at=timezone.now(), session="")
    account.refresh_from_db()
    assert account.last_login is not None
