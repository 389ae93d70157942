"""Second factors sealed with the secret key, as they were before, come over to the key of all that is sealed."""

import base64
import secrets
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.utils import timezone

from tests.factories.office import FOUNDED, office
from tests.web.test_sign_in import code_at, with_password
from zijing.core.sealing import unseal
from zijing.people import second_factor
from zijing.people.models import Account, SecondFactor
from zijing.places.models import Place

pytestmark = pytest.mark.django_db
MIGRATION: Any = import_module("zijing.people.migrations.0007_second_factors_sealed_with_the_field_key")


def sealed_before(account: Account, box: Fernet) -> bytes:
    secret = secrets.token_bytes(20)
    facts = {"secret": box.encrypt(secret).decode(), "confirmed_at": FOUNDED}
    SecondFactor.objects.create(account=account, **facts)
    return secret


def test_a_code_of_the_old_secret_still_opens() -> None:
    made = office()
    account = with_password(made, "section")
    secret = sealed_before(account, MIGRATION._box())
    MIGRATION.forwards(apps, None)
    factor = SecondFactor.objects.get(account=account)
    assert base64.b32decode(unseal(factor.secret)) == secret
    assert second_factor.accepts(account, code_at(account), timezone.now())
    MIGRATION.backwards(apps, None)
    factor.refresh_from_db()
    assert MIGRATION._box().decrypt(factor.secret) == secret


def test_one_that_cannot_be_opened_stays_and_is_reset_by_the_administrator() -> None:
    made = office()
    account = with_password(made, "section")
    sealed_before(account, Fernet(Fernet.generate_key()))
    MIGRATION.forwards(apps, None)
    assert second_factor.has(account)
    assert not second_factor.accepts(account, "123456", timezone.now())


def test_a_factor_being_set_up_is_begun_anew_when_its_key_is_gone() -> None:
    account = with_password(office(), "section")
    SecondFactor.objects.create(account=account, secret="sealed by nobody")
    assert len(second_factor.shown_secret(second_factor.begin(account)).replace(" ", "")) == 32


def test_passwords_of_an_office_whose_clock_is_shifted_are_as_old_as_now() -> None:
    made = office()
    account = with_password(made, "section")
    Account.objects.filter(pk=account.pk).update(password_set_at=FOUNDED)
    Place.objects.filter(pk=made.place.pk).update(clock_shift=timedelta(days=-2000))
    MIGRATION.forwards(apps, None)
    account.refresh_from_db()
    assert account.password_set_at and timezone.now() - account.password_set_at < timedelta(minutes=1)
