"""The published description is a promise: a change of it is seen and meant.

To accept a change: ``python -m tests.api.test_openapi``.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

SNAPSHOT = Path(__file__).with_name("openapi.json")


def described() -> dict[str, Any]:
    from zijing.api.urls import api  # also run as a script, before Django is set up

    return json.loads(json.dumps(api.get_openapi_schema(), default=str))  # type: ignore[no-any-return]


def test_the_description_is_the_promised_one() -> None:
    promised = json.loads(SNAPSHOT.read_text())
    assert described() == promised, "The API changed. If that is meant: python -m tests.api.test_openapi"


def test_every_operation_documents_its_refusals() -> None:
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            assert {"401", "403"} <= set(operation["responses"]), f"{method} {path}"
            assert operation.get("summary"), f"{method} {path}"
            assert method == "get" or {"409", "422"} <= set(operation["responses"]), f"{method} {path}"


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
