"""The database locked by another process, out of room, away: said in words, nothing half done, well again after."""

import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.factories.installation import Installation, present
from tests.factories.served import Served, served

COUNT = "from zijing.cases.models import Case; print(Case.objects.count())"
VERIFY = "from zijing.journal.chain import verify; print(verify({office}).sound)"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("outages")
    with served(present(data), ZIJING_WRITE_WAIT="2") as running:
        assert running.file()[0] == 201
        yield running


@contextmanager
def locked(office: Served) -> Iterator[None]:
    """The database held by another process's transaction: this one's."""
    with closing(sqlite3.connect(office.installation.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def count(office: Served) -> int:
    return int(office.installation.python(COUNT))


def sound(office: Served) -> bool:
    return office.installation.python(VERIFY.format(office=office.office)).strip() == "True"


def test_who_cannot_write_in_time_is_told_so_and_loses_nothing(office: Served) -> None:
    mine, before = str(uuid.uuid4()), count(office)
    with locked(office):
        status, body, headers = office.file(mine)
        assert (status, headers["Retry-After"]) == (503, "10")
        assert "busy" in body["error"]["message"]
        assert office.call("GET", "/api/v1/me")[0] == 200, "reading goes on"
    assert count(office) == before
    assert office.file(mine)[0] == 201
    assert office.file(mine)[0] == 201, "the same request again is the same case"
    assert count(office) == before + 1
    assert sound(office)


def test_waiting_behind_each_other_is_no_longer_than_waiting_alone(office: Served) -> None:
    took, statuses = list[float](), list[int]()

    def file() -> None:
        began = time.monotonic()
        statuses.append(office.file()[0])
        took.append(time.monotonic() - began)

    with locked(office):
        threads = [threading.Thread(target=file) for _n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [503, 503, 503]
    assert max(took) < 8, "each waits for its turn and for the file, two seconds each"


def test_a_lock_that_ends_in_time_is_waited_for(office: Served) -> None:
    answered: list[int] = []
    with locked(office):
        filing = threading.Thread(target=lambda: answered.append(office.file()[0]))
        filing.start()
        time.sleep(0.4)
    filing.join()
    assert answered == [201]


DISK = """
import json, resource, signal, uuid
from django.conf import settings
from django.db import connection
from django.test import Client
from zijing.cases.models import Case
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry, Receipt

settings.ALLOWED_HOSTS.append("testserver")
client = Client(headers={{"authorization": "Bearer {key}", "accept-language": "en"}})

def file():
    body = {{"client_id": str(uuid.uuid4()), "kind": "issue", "values": {{"what": "路面塌陷", "class": "safety"}}}}
    return client.post("/api/v1/cases", json.dumps(body | {{"place": {grid}}}), content_type="application/json")

def counts():
    return [model.objects.count() for model in (Case, JournalEntry, Receipt)]

assert file().status_code == 201
with connection.cursor() as cursor:
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
{limit}
for _n in range(400):
    before, answer = counts(), file()
    if answer.status_code != 201:
        break
assert answer.status_code == 507, answer.status_code
assert answer.headers["Retry-After"], "says when to come back"
assert "disk" in answer.json()["error"]["message"]
assert counts() == before, "nothing half done"
{free}
assert file().status_code == 201
assert counts()[0] == before[0] + 1
assert verify({office}).sound
print("well again")
"""
LIMITS = {
    "no room in the database": (
        'connection.cursor().execute("PRAGMA max_page_count = 1")',  # the present size, which it cannot go below
        'connection.cursor().execute("PRAGMA max_page_count = 1073741823")',
    ),
    "no room for its log": (
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))",
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))",
    ),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_full_disk_is_said_and_leaves_nothing_half_done(office: Served, limit: str) -> None:
    on, off = LIMITS[limit]
    code = DISK.format(key=office.key, grid=office.grid, office=office.office, limit=on, free=off)
    assert "well again" in office.installation.python(code)


AWAY = """
from django.conf import settings
from django.test import Client

settings.ALLOWED_HOSTS.append("testserver")
for language, sentence in (("en", "does not answer"), ("zh-hans", "数据库没有响应")):
    client = Client(headers={"accept-language": language}, raise_request_exception=False)
    client.cookies["sessionid"] = "0123456789abcdef0123456789abcdef"
    page = client.get("/today/")
    assert page.status_code == 503, page.status_code
    assert page.headers["Retry-After"] == "10"
    assert sentence in page.content.decode(), page.content.decode()
    answer = client.get("/api/v1/me", headers={"authorization": "Bearer x"})
    assert answer.status_code == 503, answer.status_code
    assert answer.headers["Retry-After"] == "10"
    assert sentence in answer.json()["error"]["message"]
print("said")
"""


def test_a_database_that_is_away_is_said_on_pages_and_by_the_api_in_both_languages(tmp_path) -> None:
    nowhere = "postgres://nobody@127.0.0.1:9/none"
    assert "said" in Installation(tmp_path).python(AWAY, ZIJING_DATABASE_URL=nowhere)


FORM = """
import uuid
from django.conf import settings
from django.db import connection
from django.test import Client
from zijing.cases.models import Case
from zijing.people.models import Account

settings.ALLOWED_HOSTS.append("testserver")
client = Client(headers={{"accept-language": "zh-hans"}})
client.force_login(Account.objects.get(holdings__post__code="P-grid"))
values = {{"what": "路面塌陷，很长的一段话" * 3, "class": "safety", "place": "#{grid}"}}
client.get("/new/issue/")
before = Case.objects.count()
connection.cursor().execute("PRAGMA max_page_count = 1")
for _n in range(400):
    answer = client.post("/new/issue/", values | {{"client_id": str(uuid.uuid4())}})
    if answer.status_code != 302:
        break
    before += 1
assert answer.status_code in (507, 503, 422), answer.status_code
assert "磁盘" in answer.content.decode()
assert "路面塌陷，很长的一段话" in answer.content.decode(), "what was typed is still there"
assert Case.objects.count() == before
print("kept")
"""


def test_a_form_keeps_what_was_typed_when_the_disk_is_full(office: Served) -> None:
    assert "kept" in office.installation.python(FORM.format(grid=office.grid))
