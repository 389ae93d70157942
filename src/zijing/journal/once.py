"""``once``: what a form or a program sends under an id of its own is done at most once, however often it arrives.

On SQLite writes that wait for the same turn are committed together: each stands or falls by itself (a savepoint), the
disk is waited for once, and nobody is answered before.
"""

import hmac
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict
from zijing.core.outages import Unavailable, busy, is_outage
from zijing.core.rows import exists, insert
from zijing.journal.acting import Acting, act, in_turn, is_acting
from zijing.journal.models import Receipt

Answer = dict[str, Any]
Write = Callable[[], Answer]


def once(
    *, actor: Acting, at: datetime, client_id: UUID, body: bytes, do: Write, alone: bool = False,
    before: Callable[[], None] | None = None,
) -> Answer:  # fmt: skip
    """Run ``do`` for a client-made id at most once per account and return its answer, then and ever after.

    ``Conflict`` when the same id comes back with another body. ``do`` may run in another thread, in this one's context;
    ``alone`` keeps what is large in this thread and in a transaction of its own, so that no small write waits with it.
    ``before`` is what takes long and writes nothing (a photo is decoded): nobody waits for it, and what comes again is
    answered without it.
    """
    key = {"account": actor.account_id or 0, "client_id": client_id}
    # Keyed: a body may hold personal data, and what is short could be guessed from a plain digest.
    body_digest = hmac.digest(settings.SECRET_KEY.encode(), body, "sha256").hex()

    if before:
        if (earlier := _answered(key, body_digest)) is not None:
            return earlier
        before()

    def write() -> Answer:
        with act(actor, at, request_id=str(client_id)):
            if (earlier := _answered(key, body_digest)) is not None:
                return earlier
            answer = do()
            insert(Receipt(**key, body_digest=body_digest, answer=answer, recorded_at=at))
            return answer

    try:
        return write() if alone or connection.vendor != "sqlite" or is_acting() else _with_others(write)
    except IntegrityError:
        # The twin of this request was answered while this one was being done.
        if (earlier := _answered(key, body_digest)) is not None:
            return earlier
        raise


def _answered(key: dict[str, Any], body_digest: str) -> Answer | None:
    if not exists(Receipt, **key):
        return None
    earlier = Receipt.objects.filter(**key).first()
    if earlier and earlier.body_digest != body_digest:
        raise Conflict(_("This form was already sent with other content. Open it again to send a new one."))
    return dict(earlier.answer) if earlier else None


@dataclass
class Waiting:
    """What a thread wants to write, in that thread's context, and how it ended."""

    write: Write
    context: Context = field(default_factory=copy_context)
    end: "Future[Answer]" = field(default_factory=Future)


waiting = deque[Waiting]()


def _with_others(write: Write) -> Answer:
    """Write when it is this thread's turn, and whatever waits by then, unless another thread has done so before."""
    mine = Waiting(write)
    waiting.append(mine)
    try:
        with in_turn():
            if not mine.end.done():
                write_all([waiting.popleft() for _n in range(len(waiting))])
    except Unavailable:
        if mine.end.cancel():
            raise
    return mine.end.result()


def write_all(all_of_them: Iterable[Waiting]) -> None:
    """Write what waits in one transaction, then tell how each ended; when the transaction fails, none was written."""
    wanted = [one for one in all_of_them if one.end.set_running_or_notify_cancel()]
    try:
        outcomes = _outcomes(wanted)
    except BaseException as error:
        for one in wanted:
            one.end.set_exception(error)
        if not isinstance(error, Exception):
            raise
        return
    for one, outcome in zip(wanted, outcomes, strict=True):
        if isinstance(outcome, Exception):
            one.end.set_exception(outcome)
        else:
            one.end.set_result(outcome)


def _outcomes(wanted: list[Waiting]) -> list[Answer | Exception]:
    if len(wanted) == 1:
        return [wanted[0].context.run(_outcome, wanted[0].write)]
    with transaction.atomic():
        outcomes = [one.context.run(_outcome, one.write) for one in wanted]
        if transaction.get_rollback():
            raise busy()
    return outcomes


def _outcome(write: Write) -> Answer | Exception:
    """The answer of a write, or why it was refused; what is wrong with more than this one write is raised."""
    try:
        return write()
    except Exception as error:
        if isinstance(error, Unavailable) or is_outage(error):
            raise
        return error
