"""One registry of rights: what the sources ask for is in it, and nothing is in it that nobody asks for."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from zijing.packs import loader
from zijing.people.rights import RIGHTS, granted_by

SOURCE = Path(settings.PACKS).parent / "src" / "zijing"
ASKING = {"require", "may"}
REGISTRY = SOURCE / "people" / "rights.py"


def sources():
    return [p for p in SOURCE.rglob("*.py") if p != REGISTRY and "migrations" not in p.parts]


def asked(tree: ast.AST):
    """The rights named where one is asked for: ``require(actor, "x")``, ``actor.may("x")``, ``right="x"``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            wanted = [k.value for k in node.keywords if k.arg == "right"] + (node.args[-1:] if name in ASKING else [])
            yield from (w.value for w in wanted if isinstance(w, ast.Constant) and isinstance(w.value, str))
        if isinstance(node, ast.arguments):
            named = [a.arg for a in node.kwonlyargs]
            defaults = dict(zip(named, node.kw_defaults, strict=True))
            if isinstance(default := defaults.get("right"), ast.Constant):
                yield default.value


def test_every_right_that_is_asked_for_is_registered():
    unknown = {
        f"{path.relative_to(SOURCE)}: {right}"
        for path in sources()
        for right in asked(ast.parse(path.read_text(encoding="utf-8")))
        if right not in RIGHTS
    }
    assert not unknown


def test_the_search_sees_what_it_searches_for():
    tree = ast.parse('require(a, "x.y")\nactor.may("p.q")\nf(right="r.s")\ndef g(*, right="t.u"): ...')
    assert set(asked(tree)) == {"x.y", "p.q", "r.s", "t.u"}


@pytest.mark.parametrize("right", sorted(RIGHTS))
def test_every_registered_right_is_asked_for(right):
    assert any(f'"{right}"' in path.read_text(encoding="utf-8") for path in sources())


@pytest.mark.parametrize("right", sorted(RIGHTS))
def test_every_right_is_granted_by_some_role(right):
    roles = [role for key in loader.available(Path(settings.PACKS)) for role in pack(key).roles]
    assert any(right in granted_by(grant) for role in roles for grant in role.verbs)


def pack(key):
    return loader.load(Path(settings.PACKS) / key)


@pytest.mark.parametrize(
    ("grant", "count"), [("cases.*", 9), ("cases.check", 1), ("cases.chekc", 0), ("case", 0), ("", 0)]
)
def test_what_a_grant_covers(grant, count):
    assert len(granted_by(grant)) == count
