"""Every address of the pages and every reading of the API, opened by those who must not know of a restricted record.

By construction: each door of ``test_every_door`` is opened before a record of each noun of a restricted kind exists and
again after; nothing a stranger gets may differ by a letter, and none of the record's words may stand in it. Whoever the
records are given to finds them, so that the words are known to be such as pages show.
"""

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from tests.architecture.test_every_door import CALLS, PAGES, Scene, build, signed_in, with_key
from tests.factories.office import FOUNDED, MONDAY, Office, moment, pack
from tests.records.test_files import picture
from zijing.cases.supervision import is_listable, supervise
from zijing.packs.actions import apply
from zijing.packs.intake import record
from zijing.people.actions import assign
from zijing.records.files import Upload, attach, store
from zijing.records.models import Kind, Record

NAME, NUMBER, FILE = "绝密甲家庭", "JM7781", "绝密照片"
WORDS = (NAME, NUMBER, FILE)
PLANTED: dict[str, dict[str, Any]] = {
    "enterprise": {"code": NUMBER, "name": NAME, "sector": "retail", "status": "above-scale", "place": "示例社区01"},
    "inspection": {"date": "2020-09-07", "project": "X01", "summary": NAME},
    "indicator": {"code": NUMBER, "name": NAME, "target": "5", "unit": "亿元", "bound": "ge", "deadline": "2020-09-30"},
    "issue": {"what": NAME, "class": "other", "place": "示例社区01"},
    "blocker": {"what": NAME, "class": "funds", "project": "X01"},
    "mediation": {"class": "family", "place": "示例社区01", "applied": "asked", "parties": NAME},
    "assistance": {"class": "legal", "place": "第一网格", "person": NAME, "need": NAME},
}
# What no page shows unless somebody asks for it with a reason.
SEALED = ("mediation", "assistance")
STRANGERS = (
    "secretary", "leader", "project_office", "section", "team", "community", "grid", "county", "system_admin",
    "security_admin", "audit_admin",
)  # fmt: skip
GIVEN = "leader2"
# What of itself differs from one moment to the next: the journal and the log grow by the very act of looking.
GROWING = {
    "admin-journal",
    "admin-journal-export",
    "admin-sign-ins",
    "admin-sign-ins-export",
    "machinery",
    "healthz",
    "account",
    "second-factor-picture",
}
# Doors beyond the plain addresses: filters, searches and forms in which a record could be named.
MORE = (
    *(f"/list/{key}/{rest}" for key in PLANTED for rest in ("", f"?text={NAME}", "doubles/", "?all=yes", "?stage=open")),
    *(f"/new/{key}/" for key in PLANTED), *(f"/import/{key}/" for key in PLANTED if key not in ("issue", "blocker")),
    f"/search/?q={NAME}", f"/search/?q={NUMBER}", "/search/?q=jmj", "/board/", "/board/wall/", "/map/", "/reviews/", "/list/project/",
    "/supervision/?mine=yes",
)  # fmt: skip
NOISE = re.compile(
    rb'(?:name="csrfmiddlewaretoken" value="|nonce="|nonce-)[^"]+"?'
    rb"|<time[^>]*>[^<]*</time>|2020-09-07[T ]09:\d\d[:.\d]*|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """An office with everything, whose strangers have looked at every door before anything restricted was entered."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = build()
        apply(at=FOUNDED, pack=pack("mediation"), offices=[made.made.place])
        Kind.objects.filter(key__in=PLANTED).update(restricted=True)
        yield made
        transaction.set_rollback(True)


def plant(made: Office) -> list[Record]:
    """A record of each restricted kind, with a file, given to one post."""
    found = []
    for key, values in PLANTED.items():
        one = record(actor=made.system, at=moment(MONDAY), kind=Kind.objects.get(key=key), values=values)
        file = store(actor=made.system, at=moment(MONDAY), sent=Upload(picture(), "x.png"))
        attach(actor=made.system, at=moment(MONDAY), subject=one, file=file, part="document", name=FILE)
        to = [made.posts[GIVEN]]
        assign(actor=made.system, at=moment(MONDAY), subject=one, path=one.path, part="joint", to=to)
        if is_listable(one):
            said = {"level": "office", "reason": NAME, "until": MONDAY, "every": 1}
            supervise(actor=made.system, at=moment(MONDAY), subject=one, **said)
        found.append(one)
    return found


def body_of(answer: Any) -> bytes:
    content: bytes = answer.getvalue() if answer.streaming else answer.content
    return NOISE.sub(b"", cells(content))


def pages(scene: Scene, role: str) -> dict[str, bytes]:
    """What every page answers to this role, by address."""
    visitor = signed_in(scene.made, role)
    visitor.client.get("/today/")
    urls = {name: door.url.format(**scene.ids) for name, door in PAGES.items() if not door.public}
    found = {}
    for name, url in [*urls.items(), *((url, url) for url in MORE)]:
        answer = visitor.client.get(url)
        found[name] = str(answer.status_code).encode() + body_of(answer)
    for key in (*PLANTED, "project"):
        for form in ("xlsx", "csv"):
            answer = visitor.client.post(f"/list/{key}/export/", {"form": form, "client_id": str(uuid4())})
            found[f"export {key} {form}"] = str(answer.status_code).encode() + body_of(answer)
    return found


def cells(content: bytes) -> bytes:
    """The words of a workbook; a packed file shows none, and says when it was made."""
    if not content.startswith(b"PK"):
        return content
    book = zipfile.ZipFile(BytesIO(content))
    return b"".join(book.read(n) for n in sorted(book.namelist()) if not n.startswith("docProps"))


def calls(scene: Scene, role: str) -> dict[str, bytes]:
    """What every reading of the API answers to this role."""
    visitor = with_key(scene.made, role)
    found = {}
    for name, door in CALLS.items():
        if name.startswith("GET"):
            answer = visitor.call(scene, name, door, scene.ids)
            found[name] = str(answer.status_code).encode() + body_of(answer)
    for url in (*(f"lists/{key}" for key in PLANTED), f"search?q={NAME}", f"search?q={NUMBER}"):
        answer = visitor.call(scene, f"GET {url}", replace(CALLS["GET me"], url=url), {})
        found[url] = str(answer.status_code).encode() + body_of(answer)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("role", STRANGERS)
def test_no_page_and_no_call_differs_for_a_stranger(scene: Scene, role: str) -> None:
    with transaction.atomic():
        before, asked = pages(scene, role), calls(scene, role)
        plant(scene.made)
        after, answered = pages(scene, role), calls(scene, role)
        transaction.set_rollback(True)
    told = [(n, w) for n, b in {**after, **answered}.items() for w in WORDS if w.encode() in b and "=" not in n]
    assert not told, "These doors name it."
    changed = [n for n in before if before[n] != after[n] and n not in GROWING]
    changed += [n for n in asked if asked[n] != answered[n]]
    assert not changed, "These doors tell that there is something."


@pytest.mark.django_db
def test_whom_it_is_given_to_finds_it(scene: Scene) -> None:
    with transaction.atomic():
        plant(scene.made)
        shown, answered = pages(scene, GIVEN), calls(scene, GIVEN)
        transaction.set_rollback(True)
    for key in PLANTED:
        for door in (f"/list/{key}/", f"export {key} csv", f"export {key} xlsx"):
            assert (NAME.encode() in shown[door]) == (key not in SEALED), door
        assert key in SEALED or NAME in json.dumps(json.loads(answered[f"lists/{key}"][3:]), ensure_ascii=False), key


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["secretary", "section", "county", "system_admin"])
def test_its_own_addresses_answer_as_if_there_were_none(scene: Scene, role: str) -> None:
    with transaction.atomic():
        web, key = signed_in(scene.made, role).client, with_key(scene.made, role)
        for one in plant(scene.made):
            noun, none = one.kind.noun, 99_999_999
            for url in addresses(noun):
                assert answer_of(web, url, one.pk) == answer_of(web, url, none), url
            there, nowhere = (
                key.call(scene, "GET x", replace(CALLS["GET me"], url=f"records/{noun}/{pk}"), {})
                for pk in (one.pk, none)
            )
            assert (there.status_code, body_of(there)) == (404, body_of(nowhere))
        transaction.set_rollback(True)


def addresses(noun: str) -> list[str]:
    own = [f"/records/{noun}/{{}}/{rest}" for rest in ("", "edit/", "retire/", "look/", "file/", "merge/{}/")]
    return own + (["/cases/{}/", "/cases/{}/evidence/", "/cases/{}/void/"] if noun == "case" else [])


def answer_of(web: Client, url: str, pk: int) -> Any:
    asked = url.format(pk, pk)
    answers = web.get(asked), web.post(asked, {"reason": "看看", "field": "phone"})
    return [(a.status_code, body_of(a).replace(asked.encode(), b"")) for a in answers]
