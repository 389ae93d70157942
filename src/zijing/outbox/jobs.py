"""Long work: asked for by a person, done by the work process, one worker each, cancelled between two steps.

A job is claimed by a conditional update, so that two workers never run one. A worker that died is noticed by the
silence of its job, which then waits again; what it writes must therefore be written once (``journal.once``
under ``progress.client_id``) or be harmless when repeated.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from zijing.core.errors import Conflict, DomainError, Missing, Refused
from zijing.core.outages import Unavailable, is_outage, outage
from zijing.core.worktime import day_of
from zijing.journal.acting import act, in_turn, is_acting, writing
from zijing.outbox import keeping
from zijing.outbox.models import Job
from zijing.people.access import Actor, actor_of
from zijing.people.models import Holding
from zijing.places.models import Place

SILENT = timedelta(minutes=2)
BEAT = 20.0
ATTEMPTS = 3
SELDOM = 0.5
KEPT = timedelta(days=30)
WORKER = f"{socket.gethostname()[:24]}:{os.getpid()}"
LOST = gettext_lazy("The work was broken off several times. Nothing was written; try again or tell the operator.")
logger = logging.getLogger(__name__)


class Cancelled(Exception):  # no error: a person's wish
    """The person no longer wants the work; raised at a point where nothing is half done."""


@dataclass
class Made:
    """What a job leaves behind: a sentence, and a file if there is one. ``failed``: the file says what is wrong."""

    note: str
    content: bytes = b""
    name: str = ""
    media_type: str = ""
    failed: bool = False


@dataclass
class Progress:
    """What a running job knows of itself, and tells."""

    job: Job
    actor: Actor
    at: datetime
    params: Mapping[str, Any]
    _said: float = field(default=0.0)

    @property
    def client_id(self) -> UUID:
        """The id under which the job writes once, however often it is begun."""
        return uuid5(self.job.client_id, "job")

    def given(self) -> bytes:
        """The file that was handed in with the job."""
        return keeping.kept(self.job.pk, keeping.GIVEN)

    def say(self, done: int, total: int, note: str = "") -> None:
        """How far it is; raises ``Cancelled`` when it is no longer wanted. Does nothing inside a running act."""
        if is_acting():
            return
        now = time.monotonic()
        if now - self._said < SELDOM and done < total:
            return
        self._said = now
        facts = {"done": done, "total": total, "note": note[:200], "beat_at": timezone.now()}
        with act(self.actor, self.at):
            running = Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, worker=WORKER)
            stands = running.filter(cancel_asked=False).update(**facts)
        if not stands:
            raise Cancelled


Task = Callable[[Progress], Made]


@dataclass(frozen=True)
class Known:
    """A task by name: what does it, what a reader calls it, and what one is told who asks for it while it goes on.

    ``alone``: at most one waits or runs for each ``office`` of its parameters; empty: as many as are asked for.
    """

    run: Task
    title: str | Promise
    alone: str | Promise = ""


_tasks: dict[str, Known] = {}


def register_job(name: str, run: Task, *, title: str | Promise = "", alone: str | Promise = "") -> None:
    """Make a task known by name, so that it can be asked for."""
    _tasks[name] = Known(run, title, alone)


def title_of(job: Job) -> str:
    """What the job is, in the reader's language."""
    known = _tasks.get(job.task)
    return str(known.title if known else job.task)


def enqueue(
    *, actor: Actor, at: datetime, task: str, params: Mapping[str, Any], client_id: UUID, about: str = "",
    given: bytes = b"",
) -> Job:  # fmt: skip
    """Ask for a task to be done; the same ``client_id`` of the same account asks once. ``given``: a file for it."""
    if task not in _tasks:
        raise Missing(_("There is no such work: “%(task)s”."), task=task[:40])
    if actor.account_id is None or actor.post_id is None:
        raise Refused(_("Only a signed-in person may ask for this."))
    with act(actor, at) as a:
        _take_turn(task, params)
        job, made = Job.objects.get_or_create(
            account_id=actor.account_id, client_id=client_id,
            defaults={
                "post_id": actor.post_id, "office_id": actor.office_id, "task": task, "about": about[:120],
                "params": dict(params), "channel": actor.channel, "at": at, "beat_at": timezone.now(),
                "language": translation.get_language() or "zh-hans",
            },
        )  # fmt: skip
        if made:
            refuse_second(task, params, job)
            a.record("jobs.enqueue", job, {"task": [None, task]})
            if given:
                keeping.keep(job.pk, keeping.GIVEN, given)
    return job


def _take_turn(task: str, params: Mapping[str, Any]) -> None:
    """Hold the office of a task that is done alone until the act ends, so that two who ask see each other's job."""
    if task in _tasks and _tasks[task].alone:
        Place.objects.select_for_update(no_key=True).filter(pk=params["office"]).values_list("pk").first()


def refuse_second(task: str, params: Mapping[str, Any], but: Job | None = None) -> None:
    """``Conflict``, in the task's own words, while another job of a task done alone is live for the same office."""
    alone = _tasks[task].alone if task in _tasks else ""
    live = Job.objects.filter(task=task, state__in=(Job.State.WAITING, Job.State.RUNNING))
    if alone and live.filter(params__office=params["office"]).exclude(pk=but.pk if but else 0).exists():
        raise Conflict(alone)


def cancel(*, actor: Actor, at: datetime, job: Job) -> None:
    """No longer wanted: a waiting job ends now, a running one at its next step. ``Conflict`` when it has ended."""
    mine = Job.objects.visible_to(actor).filter(pk=job.pk)
    with act(actor, at) as a:
        ended = {"state": Job.State.CANCELLED, "cancel_asked": True, "ended_at": timezone.now()}
        waiting = mine.filter(state=Job.State.WAITING).update(**ended)
        if not waiting and not mine.filter(state=Job.State.RUNNING).update(cancel_asked=True):
            raise Conflict(_("This work has already ended."))
        a.record("jobs.cancel", job)
    if waiting:
        keeping.drop(job.pk, keeping.GIVEN)


def try_again(*, actor: Actor, at: datetime, job: Job) -> None:
    """Let a failed job wait once more. ``Conflict`` when it has not failed, or another is done."""
    anew = {"state": Job.State.WAITING, "attempts": 0, "note": "", "done": 0, "ended_at": None, "cancel_asked": False}
    with act(actor, at) as a:
        _take_turn(job.task, job.params)
        if not Job.objects.visible_to(actor).filter(pk=job.pk, state=Job.State.FAILED).update(**anew):
            raise Conflict(_("Only work that failed can be tried again."))
        refuse_second(job.task, job.params, job)
        a.record("jobs.again", job)


def run_due_jobs(limit: int = 1) -> int:
    """Do up to ``limit`` waiting jobs, the oldest first; those of dead workers wait again first. How many were done."""
    revive(timezone.now())
    ran = 0
    while ran < limit and (job := _claim()) is not None:
        _run(job)
        ran += 1
    return ran


def revive(now: datetime) -> None:
    """Jobs whose worker fell silent wait again; the third time they fail with a sentence."""
    silent = Job.objects.filter(state=Job.State.RUNNING, beat_at__lt=now - SILENT)
    if not silent.exists():
        return
    with writing():
        silent.filter(cancel_asked=True).update(state=Job.State.CANCELLED, ended_at=now)
        silent.filter(attempts__gte=ATTEMPTS).update(state=Job.State.FAILED, note=str(LOST), ended_at=now)
        silent.update(state=Job.State.WAITING, worker="")


def sweep(now: datetime) -> int:
    """Take away results after a week and ended jobs after a month; how many files and jobs went."""
    with in_turn():
        old, _by_model = Job.objects.filter(ended_at__lt=now - KEPT).delete()
    return old + keeping.sweep(now.timestamp())


def _claim() -> Job | None:
    """The oldest waiting job, now of this worker and no other."""
    while True:
        job = Job.objects.filter(state=Job.State.WAITING).order_by("pk").first()
        if job is None:
            return None
        mine = {"state": Job.State.RUNNING, "worker": WORKER, "beat_at": timezone.now(), "attempts": F("attempts") + 1}
        with in_turn():
            if Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(**mine):
                return job


def _run(job: Job) -> None:
    with translation.override(job.language), _beating(job):
        try:
            made = _tasks[job.task].run(_progress(job))
            if made.content:
                keeping.keep(job.pk, keeping.RESULT, made.content)
        except Cancelled:
            _end(job, Job.State.CANCELLED, _("Cancelled; nothing was written."))
        except DomainError as error:
            _end(job, Job.State.FAILED, str(error))
        except Exception as error:
            logger.exception("job %s failed", job.pk)
            _end(job, Job.State.FAILED, _sentence(error))
        else:
            _end(job, Job.State.FAILED if made.failed else Job.State.DONE, made.note, made)


def _sentence(error: Exception) -> str:
    if isinstance(error, DatabaseError) and is_outage(error):
        return str(outage(error))
    if isinstance(error, OSError):
        return _("The disk is full or cannot be written. Nothing was written; tell the operator and try again.")
    return _("The server failed. Nothing was written; try again or tell the operator.")


def _progress(job: Job) -> Progress:
    """The job under the account and post that asked for it; ``Refused`` when the post has ended meanwhile."""
    holdings = Holding.objects.select_related("post__role", "post__office", "post__place", "post__unit")
    holding = holdings.filter(account=job.account_id, post=job.post_id, account__is_active=True).order_by("-pk").first()
    if holding is None:
        raise Missing(_("The post that asked for this is no longer yours."))
    return Progress(job, actor_of(holding, channel=job.channel, on=day_of(job.at)), job.at, job.params)


def _end(job: Job, state: Job.State, note: str, made: Made | None = None) -> None:
    facts: dict[str, Any] = {"state": state, "note": note[:200], "ended_at": timezone.now()}
    if made and made.content:
        facts |= {"result_name": made.name[:200], "result_type": made.media_type}
    if state == Job.State.DONE:
        facts |= {"done": F("total")}
    if state != Job.State.FAILED:
        keeping.drop(job.pk, keeping.GIVEN)
    with in_turn():
        Job.objects.filter(pk=job.pk, worker=WORKER, state=Job.State.RUNNING).update(**facts)


@contextmanager
def _beating(job: Job) -> Iterator[None]:
    """While a job runs its heart beats from a thread of its own, also through steps that say nothing."""
    ended = threading.Event()
    heart = threading.Thread(target=_beat, args=(job.pk, ended), daemon=True)
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join(BEAT)


def _beat(pk: int, ended: threading.Event) -> None:
    while not ended.wait(BEAT):
        try:
            with in_turn():
                Job.objects.filter(pk=pk, state=Job.State.RUNNING, worker=WORKER).update(beat_at=timezone.now())
        except (DatabaseError, Unavailable):
            logger.warning("the heart of job %s missed a beat", pk)
        finally:
            connection.close()
