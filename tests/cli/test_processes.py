"""The processes for real: work is done, stopping loses nothing, and what is wrong is said in a sentence."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.factories.installation import KINDS, ROOT, Installation, empty, upgraded

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def taken(tmp_path_factory) -> Path:
    """A backup of a small office, and with it the way into any database."""
    made = upgraded(tmp_path_factory.mktemp("office") / "data", "0.1.0")
    made.python(
        "from datetime import UTC, datetime; from zijing.places.models import Place\n"
        "Place.objects.update(clock_shift=datetime(2020, 9, 14, 2, tzinfo=UTC) - datetime.now(UTC))"
    )
    made.run("backup", str(made.data / "office.zip"))
    return made.data / "office.zip"


@pytest.fixture(scope="module")
def restored(taken, tmp_path_factory) -> Callable[..., AbstractContextManager[Installation]]:
    """Makes installations that the backup was restored into; on SQLite they are copies of one."""
    first = Installation(tmp_path_factory.mktemp("restored") / "data")
    first.run("restore", str(taken))

    @contextmanager
    def make(kind: str, data: Path) -> Iterator[Installation]:
        with empty(kind, data) as office:
            if kind == "sqlite":
                shutil.copytree(first.data, data, dirs_exist_ok=True)
            else:
                office.run("restore", str(taken))
            yield office

    return make


@contextmanager
def running(office: Installation, *args: str, **more: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-u", "-m", "zijing", *args]
    with subprocess.Popen(
        command, env=office.environ | more, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def eventually(what, seconds=25):
    deadline = time.monotonic() + seconds
    while not (said := what()) and time.monotonic() < deadline:
        time.sleep(0.3)
    return said


PULSES = "from zijing.outbox.models import Pulse; print(sorted(set(Pulse.objects.values_list('name', flat=True))))"


@pytest.mark.parametrize("kind", KINDS)
def test_the_work_process_beats_follows_with_the_index_backs_up_and_stops_in_order(kind, restored, tmp_path):
    with restored(kind, tmp_path / "data") as office:
        assert "has never run" in office.command("doctor").stdout
        with running(office, "work", ZIJING_BACKUPS=str(tmp_path / "safe")) as process:
            assert eventually(lambda: "verify" in office.python(PULSES) and "backup" in office.python(PULSES))
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
            assert process.stderr.read() == ""
        assert (
            office.python(PULSES).strip() == "['backup', 'channels', 'jobs', 'messages', 'search', 'ticks', 'verify']"
        )
        assert "示例项目X01" in office.run("search", "find", "示例项目", "--office", "410181005000")
        healthy = office.command("doctor")
        assert healthy.returncode == 0, healthy.stdout + healthy.stderr
        assert [p.suffix for p in (tmp_path / "safe").iterdir()] == [".zip"]


def test_of_two_work_processes_one_has_the_turn(restored, tmp_path):
    with restored(KINDS[-1], tmp_path / "data") as office:
        assert office.python(
            "import subprocess, sys\n"
            "from zijing.outbox.turns import turn\n"
            "ask = [sys.executable, '-c', 'import django; django.setup()\\n'\n"
            "       'from zijing.outbox.turns import turn\\nwith turn(\"ticks\") as mine: print(mine)']\n"
            "with turn('ticks') as mine:\n"
            "    print(mine, subprocess.run(ask, capture_output=True, text=True).stdout.strip())\n"
            "print(subprocess.run(ask, capture_output=True, text=True).stdout.strip())\n"
        ).split() == ["True", "False", "True"]


def file_cases(port, key, project, stop, acknowledged, refused):
    """File cases one after the other until told to stop; note every answer."""
    while not stop.is_set():
        name = uuid.uuid4().hex
        body = {
            "client_id": str(uuid.uuid4()),
            "kind": "blocker",
            "subject": project,
            "values": {"class": "funds", "what": name},
        }
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/v1/cases", json.dumps(body).encode(),
            {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )  # fmt: skip
        try:
            with OPENER.open(request, timeout=20) as answer:
                acknowledged.append(json.load(answer)["id"])
        except urllib.error.HTTPError as error:
            refused.append(error.code)
        except (OSError, ValueError) as error:
            refused.append(type(error).__name__)
            time.sleep(0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_stopping_amid_intake_loses_no_acknowledged_case_and_cuts_none_in_half(kind, restored, tmp_path):
    with restored(kind, tmp_path / "data") as office:
        find = "from zijing.people.models import Holding as H; h = H.objects.get(post__code='P-team'); print(h.account.username)"
        key = office.run("token", "create", office.python(find).strip(), "P-team", "test").split()[-1]
        project = int(
            office.python(
                "from zijing.projects.models import Project as P; print(P.objects.get(entry__business_key='X01').pk)"
            )
        )
        port, stop = free_port(), threading.Event()
        acknowledged, refused = [], []
        with running(office, "serve", "--port", str(port)) as process:
            assert str(port) in process.stdout.readline()
            clients = [
                threading.Thread(target=file_cases, args=(port, key, project, stop, acknowledged, refused))
                for _ in range(4)
            ]
            for client in clients:
                client.start()
            assert eventually(lambda: len(acknowledged) > 20 or refused), (acknowledged, refused)
            assert refused == []
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            assert time.monotonic() - began < 20
            stop.set()
            for client in clients:
                client.join()
        assert 500 not in refused
        count = "from zijing.cases.models import *; print(Case.objects.filter(pk__in={ids}).count())"
        assert office.python(count.format(ids=acknowledged)).strip() == str(len(acknowledged))
        halves = (
            "from zijing.cases.models import *; from zijing.journal.models import *\n"
            "print(Case.objects.filter(timer=None).count(),\n"
            "  Case.objects.exclude(pk__in=JournalEntry.objects.filter(subject_type='cases.case').values('subject_id')).count())"
        )
        assert office.python(halves).split() == ["0", "0"]
        assert office.run("verify").count("sound") == 2


COMMANDS = [
    ("verify",), ("tick",), ("work",), ("serve",), ("doctor",), ("office", "list"), ("rank",),
    ("search", "find", "x"), ("search", "rebuild"), ("init", "410181005000", "x"), ("figures", "list"),
    ("pack", "apply", "base"), ("token", "create", "a", "b", "c"), ("export", "journal"), ("backup", "never.zip"),
]  # fmt: skip


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_a_database_not_migrated_is_said_in_a_sentence(args, tmp_path):
    given = [str(tmp_path / arg) if arg.endswith(".zip") else arg for arg in args]
    assert "zijing migrate" in Installation(tmp_path / "data").refused(*given)
    assert not list(tmp_path.glob("*.zip"))


def test_a_folder_that_cannot_be_used_is_said_in_a_sentence(tmp_path):
    (tmp_path / "data").write_text("")
    assert "The data folder cannot be used" in Installation(tmp_path / "data").refused("verify")
    (tmp_path / "other" / "secret-key").mkdir(parents=True)
    assert "secret-key" in Installation(tmp_path / "other").refused("serve")


def test_a_damaged_database_is_said_in_a_sentence(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "zijing.sqlite3").write_bytes(b"no database at all, " * 500)
    for args in (("verify",), ("migrate",), ("work",), ("serve",), ("doctor",)):
        assert "damaged" in Installation(tmp_path / "data").refused(*args)


def test_a_database_that_is_away_is_said_in_a_sentence(tmp_path):
    away = Installation(tmp_path / "data", f"postgres://nobody@127.0.0.1:{free_port()}/none")
    for args in (("verify",), ("migrate",), ("serve",), ("work",), ("backup", str(tmp_path / "x.zip"))):
        assert "does not answer" in away.refused(*args)


def test_a_database_of_a_newer_version_is_not_served(restored, tmp_path):
    with restored("sqlite", tmp_path / "data") as office:
        office.python(
            "from django.db.migrations.recorder import MigrationRecorder as R; from django.db import connection; R(connection).record_applied('cases', '0999_to_come')"
        )
        for args in (("serve",), ("work",), ("doctor",), ("backup", str(tmp_path / "x.zip"))):
            assert "newer version" in office.refused(*args)


def test_a_key_that_others_can_read_makes_the_doctor_complain(restored, tmp_path):
    with restored("sqlite", tmp_path / "data") as office:
        (office.data / "secret-key").chmod(0o644)
        said = office.command("doctor")
    assert said.returncode == 1
    assert "0644" in said.stdout
