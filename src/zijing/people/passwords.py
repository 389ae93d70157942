"""Rules on passwords that Django does not bring (GB/T 22239-2019 8.1.4.1 a: complexity and change)."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zijing.people.models import Account, OldPassword


class NotOneOfTheLast:
    """A password that was not among an account's last ones, the present one included."""

    def __init__(self, last: int = 5) -> None:
        self.last = last

    def validate(self, password: str, user: Any = None) -> None:
        if not isinstance(user, Account) or user.pk is None:
            return
        old = OldPassword.objects.filter(account=user).order_by("-pk").values_list("password", flat=True)
        if any(check_password(password, p) for p in [user.password, *old[: self.last - 1]]):
            raise ValidationError(_("This is one of your last %(n)d passwords.") % {"n": self.last}, code="used_before")

    def get_help_text(self) -> str:
        return _("It is none of your last %(n)d passwords.") % {"n": self.last}


def is_too_old(account: Account, at: datetime) -> bool:
    """Whether the setting ZIJING_PASSWORD_MAX_DAYS asks for a new password now; 0 never does."""
    longest = timedelta(days=settings.PASSWORD_MAX_DAYS)
    return bool(longest and account.password_set_at and at - account.password_set_at > longest)
