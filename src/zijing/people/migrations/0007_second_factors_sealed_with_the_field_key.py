"""Secrets of second factors are sealed with the key of all that is sealed; passwords are as old as in real time.

Until now they were sealed by a key made from the installation's secret key. One that this key does not open stays as it
is: its account could not sign in with it before either, and the security administrator resets it.
"""

import base64
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.db import migrations
from django.utils import timezone
from django.utils.crypto import salted_hmac

from zijing.core.sealing import seal, unseal


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac("zijing.second-factor", "", algorithm="sha256").digest()))


def forwards(apps: Any, schema_editor: Any) -> None:
    factors, accounts = apps.get_model("people", "SecondFactor"), apps.get_model("people", "Account")
    for factor in factors.objects.all():
        try:
            secret = _box().decrypt(factor.secret)
        except InvalidToken:
            continue
        factors.objects.filter(pk=factor.pk).update(secret=seal(base64.b32encode(secret).decode()))
    # Where an office's clock was shifted, its passwords carried the shifted time.
    shifted = accounts.objects.exclude(password_set_at=None).exclude(office__clock_shift=timedelta())
    accounts.objects.filter(pk__in=shifted.values("pk")).update(password_set_at=timezone.now())


def backwards(apps: Any, schema_editor: Any) -> None:
    factors = apps.get_model("people", "SecondFactor")
    for factor in factors.objects.all():
        secret = base64.b32decode(unseal(factor.secret))
        factors.objects.filter(pk=factor.pk).update(secret=_box().encrypt(secret).decode())


class Migration(migrations.Migration):
    dependencies = [("people", "0006_assignments_by_holder_and_path"), ("places", "0002_places_merge")]

    operations = [migrations.RunPython(forwards, backwards)]
