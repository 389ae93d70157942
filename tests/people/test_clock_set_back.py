"""The server's clock ran ahead and was set back: nobody stays locked out until then, and nothing lasts until then."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories.office import FOUNDED, Office, office
from tests.web.test_sign_in import PASSWORD, code_at, enter, with_factor, with_password
from zijing.people import second_factor, signing
from zijing.people.access import oneself
from zijing.people.actions import change_password
from zijing.people.models import Account, OldPassword, SecondFactor, Session
from zijing.people.passwords import is_too_old

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def account(made: Office) -> Account:
    return with_password(made, "section")


def attempt(account: Account, password: str, at: Any) -> int:
    try:
        signing.check_password(name=account.username, password=password, address="10.0.0.1", at=at)
    except signing.NotSignedIn as error:
        return error.status
    except signing.TooMany as error:
        return error.status
    return 200


def test_failures_noted_in_the_future_lock_nobody(account: Account) -> None:
    now = timezone.now()
    assert [attempt(account, "wrong", now + YEAR) for _n in range(6)] == [422] * 5 + [429]
    assert attempt(account, PASSWORD, now) == 200
    assert [attempt(account, "wrong", now) for _n in range(6)] == [422] * 5 + [429], "and failures of now do"


def test_a_clock_a_few_minutes_off_opens_no_lock(account: Account) -> None:
    now = timezone.now()
    assert [attempt(account, "wrong", now) for _n in range(5)] == [422] * 5
    assert attempt(account, PASSWORD, now - timedelta(minutes=5)) == 429


def test_a_code_used_in_the_future_keeps_nobody_out_and_no_code_opens_twice(account: Account) -> None:
    with_factor(account)
    SecondFactor.objects.filter(account=account).update(last_step=2**33)
    code, now = code_at(account), timezone.now()
    assert second_factor.accepts(account, code, now)
    assert not second_factor.accepts(account, code, now)


def test_a_session_seen_in_the_future_ends(account: Account) -> None:
    client = enter(account)[0]
    assert client.get("/today/").status_code == 200
    mine = Session.objects.filter(account=account)
    mine.update(seen_at=timezone.now() + timedelta(minutes=1))
    assert client.get("/today/").status_code == 200, "two servers may differ a little"
    mine.update(seen_at=timezone.now() + YEAR, expire_date=timezone.now() + YEAR)
    assert client.get("/today/").status_code == 302


def test_a_password_is_as_old_as_in_real_time_whatever_the_offices_clock_shows(account: Account, settings: Any) -> None:
    settings.PASSWORD_MAX_DAYS = 90
    words = {"old": PASSWORD, "new": "something quite new", "again": "something quite new"}
    change_password(actor=oneself(account, channel="test"), at=FOUNDED, account=account, address="10.0.0.1", **words)
    account.refresh_from_db()
    now = timezone.now()
    assert account.password_set_at and abs(account.password_set_at - now) < timedelta(minutes=1)
    assert abs(OldPassword.objects.get(account=account).until - now) < timedelta(minutes=1)
    assert not is_too_old(account, now) and is_too_old(account, now + timedelta(days=91))
    assert not is_too_old(account, now - YEAR), "set back, it asks nobody for a new one"
