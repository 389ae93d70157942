"""Long work: asked for once, done by one worker, told and cancelled on the way, never half done."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.utils import timezone

from tests.factories.calls import Api, key_of
from tests.factories.office import FOUNDED, Office, office
from tests.factories.sheets import workbook
from tests.web.visiting import form, signed_in
from zijing.core.errors import Conflict, Invalid
from zijing.journal.acting import act
from zijing.outbox import jobs, keeping
from zijing.outbox.jobs import Made, Progress, enqueue, register_job, run_due_jobs
from zijing.outbox.models import Job
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db
ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA = tmp_path
    monkeypatch.setattr(jobs, "_tasks", dict(jobs._tasks))
    return tmp_path


def ask(made: Office, run: jobs.Task, client_id: UUID = ONE, **more: Any) -> Job:
    register_job("test", run, title="Test")
    actor = made.actor("section")
    return enqueue(actor=actor, at=FOUNDED, task="test", params={"n": 3}, client_id=client_id, **more)


def again(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_work_is_done_and_leaves_a_sealed_file(made: Office, data: Path) -> None:
    def run(progress: Progress) -> Made:
        assert progress.actor.post_id == made.posts["section"].pk
        progress.say(1, progress.params["n"], "reading")
        return Made("done", progress.given().upper(), "out.txt", "text/plain")

    job = ask(made, run, given=b"plain text")
    assert run_due_jobs() == 1
    done = again(job)
    assert (done.state, done.note, done.done, done.total) == ("done", "done", 3, 3)
    assert keeping.kept(job.pk, keeping.RESULT) == b"PLAIN TEXT"
    assert [p.name for p in (data / "jobs").iterdir()] == [f"{job.pk}.result"]
    assert b"PLAIN" not in (data / "jobs" / f"{job.pk}.result").read_bytes()
    assert run_due_jobs() == 0


def test_the_same_form_asks_once_and_another_form_twice(made: Office) -> None:
    def run(progress: Progress) -> Made:
        return Made("")

    assert ask(made, run).pk == ask(made, run).pk != ask(made, run, TWO).pk


def test_two_workers_never_run_one_job(made: Office) -> None:
    ran = []
    job = ask(made, lambda p: Made("", b""))

    def run(progress: Progress) -> Made:
        ran.append(run_due_jobs())
        return Made("")

    register_job("test", run)
    assert run_due_jobs() == 1
    assert ran == [0]
    assert again(job).attempts == 1


def test_cancelled_while_waiting_it_never_runs(made: Office) -> None:
    job = ask(made, lambda p: Made("ran"), given=b"x")
    jobs.cancel(actor=made.actor("section"), at=FOUNDED, job=job)
    assert run_due_jobs() == 0
    assert again(job).state == "cancelled"
    with pytest.raises(Conflict):
        jobs.cancel(actor=made.actor("section"), at=FOUNDED, job=job)


def test_cancelled_while_running_it_ends_at_its_next_word(made: Office) -> None:
    def run(progress: Progress) -> Made:
        jobs.cancel(actor=progress.actor, at=progress.at, job=progress.job)
        progress.say(2, 2)
        raise AssertionError

    job = ask(made, run)
    run_due_jobs()
    assert again(job).state == "cancelled"


def test_a_word_inside_an_act_breaks_nothing_off(made: Office) -> None:
    def run(progress: Progress) -> Made:
        jobs.cancel(actor=progress.actor, at=progress.at, job=progress.job)
        with act(progress.actor, progress.at):
            progress.say(2, 2)
        return Made("landed")

    job = ask(made, run)
    run_due_jobs()
    assert again(job).note == "landed"


def test_a_job_of_a_dead_worker_is_run_again_and_fails_the_third_time(made: Office) -> None:
    job = ask(made, lambda p: Made("at last"))
    old = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(state="running", worker="gone:1", beat_at=old, attempts=1)
    assert run_due_jobs() == 1
    assert again(job).note == "at last"
    Job.objects.filter(pk=job.pk).update(state="running", worker="gone:1", beat_at=old, attempts=3)
    assert run_due_jobs() == 0
    assert (again(job).state, bool(again(job).note)) == ("failed", True)
    Job.objects.filter(pk=job.pk).update(state="running", worker="gone:1", beat_at=timezone.now())
    assert run_due_jobs() == 0, "one that lives is left alone"
    assert again(job).state == "running"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Invalid("这是原因。"), "这是原因。"),
        (OperationalError("database is locked"), "数据库正忙"),
        (OperationalError("database or disk is full"), "磁盘"),
        (OSError(28, "No space left on device"), "磁盘"),
        (ZeroDivisionError(), "未写入"),
    ],
)
def test_a_failure_is_told_in_words_and_can_be_tried_again(made: Office, error: Exception, said: str) -> None:
    def run(progress: Progress) -> Made:
        raise error

    job = ask(made, run, given=b"kept for another try")
    run_due_jobs()
    assert again(job).state == "failed"
    assert said in again(job).note
    register_job("test", lambda p: Made(p.given().decode()))
    jobs.try_again(actor=made.actor("section"), at=FOUNDED, job=job)
    run_due_jobs()
    assert again(job).note == "kept for another try"


def test_files_go_after_a_week_and_jobs_after_a_month(made: Office) -> None:
    job = ask(made, lambda p: Made("", b"x", "x", "text/plain"))
    run_due_jobs()
    now = timezone.now()
    assert jobs.sweep(now + timedelta(days=6)) == 0
    assert jobs.sweep(now + timedelta(days=8)) == 1
    assert jobs.sweep(now + timedelta(days=31)) == 1
    assert not Job.objects.filter(pk=job.pk).exists()


def test_pages_and_api_show_a_job_to_its_owner_only(made: Office) -> None:
    job = ask(made, lambda p: Made("fertig", b"abc", "a.txt", "text/plain"))
    owner, stranger = signed_in(made, "section"), signed_in(made, "secretary")
    page = owner.get(f"/jobs/{job.pk}/")
    assert 'hx-trigger="every 1s"' in page.content.decode()
    assert stranger.get(f"/jobs/{job.pk}/").status_code == 404
    api = Api(key_of(made, "section"), client=owner)
    assert api.send("GET", f"jobs/{job.pk}", None).json()["state"] == "waiting"
    run_due_jobs()
    fragment = owner.get(f"/jobs/{job.pk}/", headers={"hx-request": "true", "hx-target": "job"})
    assert fragment.status_code == 286
    assert "fertig" in owner.get("/jobs/").content.decode()
    assert b"".join(owner.get(f"/jobs/{job.pk}/result/").streaming_content) == b"abc"
    assert stranger.get(f"/jobs/{job.pk}/result/").status_code == 404


def test_a_large_sheet_is_left_to_the_work_process(made: Office) -> None:
    head = ("企业编号", "企业名称", "行业", "状态", "所在区划")
    rows = [(f"Q{n}", f"企业{n}", "工业", "四上", "示例社区01") for n in range(501)]
    client = signed_in(made, "section")
    sent = client.post(
        "/import/enterprise/", {"step": "upload", "file": SimpleUploadedFile("a.xlsx", workbook([head, *rows]))}
    )
    token = sent["Location"].partition("?file=")[2]
    confirm = form(step="confirm", file=token, rows="501")
    answer = client.post("/import/enterprise/", confirm)
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert run_due_jobs() == 1
    assert (again(job).state, again(job).note[:10]) == ("done", "501 rows: ")
    assert Entry.objects.of_kind("enterprise").count() == 501
    Job.objects.filter(pk=job.pk).update(state="waiting")
    keeping.keep(job.pk, keeping.GIVEN, workbook([head, *rows]))
    run_due_jobs()
    assert Entry.objects.of_kind("enterprise").count() == 501, "run twice, written once"


def test_a_large_sheet_with_a_fault_comes_back_marked(made: Office) -> None:
    head = ("企业编号", "企业名称", "行业", "状态", "所在区划")
    enqueue(
        actor=made.actor("section"), at=FOUNDED, task="import", client_id=ONE,
        params={"target": "enterprise", "options": {"sheet": "", "header": 0, "mapping": None, "hidden": "", "confirmed": True}},
        given=workbook([head, ("Q1", "甲", "不是行业", "四上", "示例社区01")]),
    )  # fmt: skip
    run_due_jobs()
    job = Job.objects.get()
    assert job.state == "failed"
    assert keeping.kept(job.pk, keeping.RESULT).startswith(b"PK")
    assert not Entry.objects.of_kind("enterprise").exists()
