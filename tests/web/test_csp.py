"""The content policy holds: nothing inline, nothing from elsewhere, on every page of every role."""

import re
from pathlib import Path

import pytest
from django.test import Client

from tests.factories.office import Office, office, project
from tests.web.visiting import signed_in
from zijing.web.middleware import POLICY

TEMPLATES = sorted((Path(__file__).parents[2] / "src" / "zijing" / "web" / "templates").rglob("*.html"))
INLINE = re.compile(r"""<[^>]*\s(?:style|on[a-z]+)\s*=|<style\b|javascript:""", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE)
ELSEWHERE = re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_have_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not INLINE.search(text) and not SCRIPT.search(text) and not ELSEWHERE.search(text)


@pytest.mark.parametrize("word", ["unsafe-inline", "unsafe-eval", "http:", "https:", "*"])
def test_policy_allows_nothing_loose(word: str) -> None:
    assert word not in POLICY


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/sign-in/", "/healthz", "/no-such-page/", "/today/"])
def test_every_answer_carries_the_policy(client: Client, address: str) -> None:
    assert client.get(address)["Content-Security-Policy"] == POLICY


@pytest.mark.django_db
def test_pages_have_nothing_inline() -> None:
    made: Office = office()
    project(made)
    client = signed_in(made, "secretary")
    for address in ("/today/", "/map/"):
        text = client.get(address).content.decode()
        assert not INLINE.search(text) and not SCRIPT.search(text) and not ELSEWHERE.search(text), address
