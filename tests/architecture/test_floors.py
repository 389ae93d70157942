"""What the import linter cannot see: foreign keys by name, taboos of the faces, sizes."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from zijing.people.access import GIVEN
from zijing.records.models import Record

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "zijing"
FLOORS = [
    "core", "journal", "places", "people", "outbox", "records", "figures", "search", "documents", "registers", "activities", "commitments",
    "cases", "projects", "assessment", "packs", "demo",
]  # fmt: skip
PYTHON = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
FACES = [p for p in PYTHON if p.relative_to(SOURCE).parts[0] in {"web", "api", "cli"}]


def name(path):
    return path.relative_to(ROOT).as_posix()


def test_foreign_keys_point_down():
    upward = [
        f"{field} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model.__module__.startswith("zijing.")
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model._meta.app_label in FLOORS
        if FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(model._meta.app_label)
    ]
    assert upward == []


@pytest.mark.parametrize("path", FACES, ids=name)
def test_faces_open_no_transaction(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
    assert not imported & {"transaction", "atomic"}


def calls_on_objects(path):
    """(line, method) of every ``Model.objects.method``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        inner = node.value if isinstance(node, ast.Attribute) else None
        if isinstance(inner, ast.Attribute) and inner.attr == "objects" and isinstance(inner.value, ast.Name):
            yield node.lineno, inner.value.id, node.attr


# What is no record of an office: definitions of packs, what a sign-in needs before there is an actor.
OPEN = {"Kind", "Figure", "Role", "StageTemplate", "RankingRule", "Applied", "Holding", "Account", "Token", "Rhythm"}


@pytest.mark.parametrize("path", [p for p in FACES if "cli" not in p.parts], ids=name)
def test_reads_of_pages_and_api_start_at_sight(path):
    free = [
        f"{line}: {model}.objects.{method}"
        for line, model, method in calls_on_objects(path)
        if method != "visible_to" and model not in OPEN
    ]
    assert free == []


@pytest.mark.parametrize("path", FACES, ids=name)
def test_faces_write_nothing_themselves(path):
    writes = {"create", "bulk_create", "update", "delete", "get_or_create", "update_or_create"}
    assert [c for c in calls_on_objects(path) if c[2] in writes] == []


def test_files_stay_readable():
    long = {name(p): n for p in PYTHON if (n := p.read_text(encoding="utf-8").count("\n")) > 400}
    tests = {
        name(p): n for p in (ROOT / "tests").rglob("*.py") if (n := p.read_text(encoding="utf-8").count("\n")) > 600
    }
    assert long | tests == {}


def test_functions_stay_readable():
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno > 50
    ]
    assert long == []


def test_no_signals_and_no_save_overrides():
    heard = [name(p) for p in PYTHON if "django.db.models.signals" in p.read_text(encoding="utf-8")]
    overridden = {
        f"{base.__name__}.{verb}"
        for model in apps.get_models(include_auto_created=True)
        for base in model.__mro__
        for verb in ("save", "save_base", "delete", "full_clean")
        if base.__module__.startswith("zijing.") and verb in vars(base)
    }
    assert (heard, overridden) == ([], set())


def test_every_setting_is_documented():
    text = (SOURCE / "config" / "settings.py").read_text(encoding="utf-8")
    documented = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    used = {w.strip('"') for w in text.replace("(", " ").replace(")", " ").split() if w.startswith('"ZIJING_')}
    used = {w.rstrip(",").strip('"') for w in used}
    assert used
    assert [w for w in sorted(used) if w not in documented] == []


def test_every_type_of_record_that_is_given_is_named():
    """By these names what was given outside a path is looked up: a type left out would not be seen there."""
    assert sorted(model._meta.label_lower for model in Record.__subclasses__()) == sorted(GIVEN)
