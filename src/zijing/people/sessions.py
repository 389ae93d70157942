"""Sessions in a table of our own: seen by their account, ended by others, limited in idle and in whole time."""

from contextlib import suppress
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from zijing.core.outages import Unavailable
from zijing.journal.acting import in_turn
from zijing.people.models import Session

SEEN_EVERY = timedelta(minutes=1)
# A session seen further ahead than this was seen by a clock that has been set back since: it ends.
AHEAD = timedelta(minutes=5)


class SessionStore(DatabaseStore):
    """Django's database sessions, with whose it is, since when, and when something was last done in it."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = super()._get_session_from_db()  # type: ignore[misc]  # unknown to the stubs
        if row is None:
            return None
        now = timezone.now()
        if row.account_id and not row.seen_at - AHEAD <= now <= row.idle_until:
            self.delete(row.session_key)
            self._session_key = None
            return None
        if now - row.seen_at > SEEN_EVERY:
            with suppress(Unavailable), in_turn():  # noting it is no reason to refuse a page
                Session.objects.filter(pk=row.pk).update(seen_at=now)
            row.seen_at = now
        self.row = row
        return row

    def save(self, must_create: bool = False) -> None:  # Django's signature
        """Save in turn with everybody who writes; ``Unavailable`` when the database cannot be written."""
        with in_turn():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        """End it in turn with everybody who writes."""
        with in_turn():
            super().delete(session_key)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to save; it began when its account signed in, and ends twelve hours later however busy it is."""
        row = cast(Session, super().create_model_instance(data))
        now, before = timezone.now(), self.row
        row.account_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        same = before is not None and before.account_id == row.account_id
        row.started_at = before.started_at if before and same else now
        row.seen_at = now
        row.expire_date = row.started_at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        row.idle_minutes = int(data.get("idle", 0))
        row.address, row.device = str(data.get("address", ""))[:45], str(data.get("device", ""))[:120]
        self.row = row
        return row
