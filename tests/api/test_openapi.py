"""The published description is a promise: a change of it is seen and meant.

To accept a change: ``python -m tests.api.test_openapi``.
"""

import json
import os
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pytest
from django.test import Client
from pydantic import BaseModel

SNAPSHOT = Path(__file__).with_name("openapi.json")


def described() -> dict[str, Any]:
    from zijing.api.urls import api  # also run as a script, before Django is set up

    return json.loads(json.dumps(api.get_openapi_schema(), default=str))  # type: ignore[no-any-return]


def test_the_description_is_the_promised_one() -> None:
    promised = json.loads(SNAPSHOT.read_text())
    assert described() == promised, "The API changed. If that is meant: python -m tests.api.test_openapi"


def test_no_two_classes_share_a_name_in_the_description() -> None:
    described()
    classes: dict[str, set[type]] = {}
    for model in _below(BaseModel):
        if model.__module__.startswith("zijing.api"):
            enums = {t for f in model.model_fields.values() for t in _enums(f.annotation)}
            for one in {model, *enums}:
                classes.setdefault(one.__name__, set()).add(one)
    assert {name: found for name, found in classes.items() if len(found) > 1} == {}
    assert {"PleaDecisionIn", "Board", "Level"} <= classes.keys()


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for one in model.__subclasses__():
        yield one
        yield from _below(one)


def _enums(annotation: Any) -> Iterator[type[Enum]]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield annotation
    for part in get_args(annotation):
        yield from _enums(part)


def test_every_operation_documents_its_refusals() -> None:
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            assert {"401", "403"} <= set(operation["responses"]), f"{method} {path}"
            assert operation.get("summary"), f"{method} {path}"
            assert method == "get" or {"409", "422"} <= set(operation["responses"]), f"{method} {path}"


def test_every_link_leads_to_an_operation_by_what_that_takes() -> None:
    operations = [o for methods in described()["paths"].values() for o in methods.values()]
    takes = {o["operationId"]: {p["name"] for p in o["parameters"]} for o in operations}
    links = [
        link for o in operations for answer in o["responses"].values() for link in answer.get("links", {}).values()
    ]
    assert len(links) > 50
    for link in links:
        assert link["parameters"].keys() <= takes[link["operationId"]], link


@pytest.mark.django_db
def test_the_description_needs_no_key_and_the_page_nothing_from_elsewhere() -> None:
    assert Client().get("/api/v1/openapi.json").json()["info"]["title"] == "Zijing"
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert "https://" not in text
    assert "<script" not in text
    assert "/api/v1/projects/{id}/reports" in text


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zijing.config.settings")
    django.setup()
    SNAPSHOT.write_text(json.dumps(described(), indent=1, ensure_ascii=False, sort_keys=True) + "\n")
