"""Guesses sent at once are worth no more than guesses in turn, and a code opens one door in one process."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories.office import office
from tests.web.test_sign_in import PASSWORD, code_at, outcomes, with_factor, with_password
from zijing.people import signing
from zijing.people.models import Account

pytestmark = pytest.mark.usefixtures("guards_afterwards")
AT_ONCE = 8


def at_once(attempt: Callable[[], Any]) -> Counter[str]:
    """How often which answer came, of as many attempts begun at the same time."""
    begin, answers = threading.Barrier(AT_ONCE), list[str]()

    def one() -> None:
        if connection.vendor == "sqlite":  # as a file's readers, who wait for nobody
            connection.cursor().execute("PRAGMA read_uncommitted = 1")
        begin.wait(20)
        try:
            attempt()
            answers.append("in")
        except signing.TooMany:
            answers.append("wait")
        except signing.NotSignedIn:
            answers.append("wrong")
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(answers)


def password(account: Account, text: str) -> Callable[[], Any]:
    now = timezone.now()
    return lambda: signing.check_password(name=account.username, password=text, address="10.0.0.1", at=now)


def code(account: Account, text: str) -> Callable[[], Any]:
    now = timezone.now()
    return lambda: signing.check_code(account=account, code=text, address="10.0.0.1", at=now)


@pytest.mark.django_db(transaction=True)
def test_of_passwords_guessed_at_once_five_are_answered() -> None:
    account = with_password(office(), "section")
    assert at_once(password(account, "wrong")) == {"wrong": 5, "wait": 3}
    assert Counter(outcomes(account)) == {"password": 5, "locked": 3}
    assert at_once(password(account, PASSWORD)) == {"wait": 8}, "not even the right one tells anything"


@pytest.mark.django_db(transaction=True)
def test_of_codes_guessed_at_once_five_are_answered() -> None:
    account = with_password(office(), "section")
    with_factor(account)
    assert at_once(code(account, "000000")) == {"wrong": 5, "wait": 3}


@pytest.mark.django_db(transaction=True)
def test_a_code_sent_at_once_from_everywhere_opens_once() -> None:
    account = with_password(office(), "section")
    codes = with_factor(account)
    assert at_once(code(account, code_at(account)))["in"] == 1
    signing.note(
        name=account.username, account=account, address="", way="admin", outcome="unlocked", at=timezone.now()
    )  # fmt: skip
    assert at_once(code(account, codes[0]))["in"] == 1, "nor a recovery code"
