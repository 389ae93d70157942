"""The API tried by its own description (schemathesis): every operation, valid and broken input, as several posts.

What is answered must be described, shaped as described, and never a failure of the server. Which input a pack's rules
refuse is not in the description, so whether valid input is accepted is not asked.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import sampled_from
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation.modes import GenerationMode

from tests.api.test_openapi import described
from tests.architecture.test_every_door import Scene, build, undone, with_key
from zijing.records.files import XLSX

ROLES = ("secretary", "project_office", "team", "system_admin")
SETTINGS = settings(
    max_examples=3, derandomize=True, deadline=None, database=None, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
UNKNOWN = {"positive_data_acceptance"}
load_all_checks()


@schemathesis.serializer(XLSX)
def workbook(_context: Any, value: Any) -> bytes:
    """A workbook is sent as the bytes it is."""
    return value if isinstance(value, bytes) else str(value).encode()


CHECKED = [check for check in CHECKS.get_all() if check.__name__ not in UNKNOWN]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def schema() -> Any:
    found = schemathesis.openapi.from_dict(described())
    found.app = get_wsgi_application()
    return found


def labels() -> list[str]:
    return [f"{method.upper()} {path}" for path, methods in described()["paths"].items() for method in methods]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("label", labels())
def test_every_operation_keeps_its_description(scene: Scene, label: str, mode: GenerationMode) -> None:
    found = schema()
    operation = found.find_operation_by_label(label)
    with undone():
        keys = {role: with_key(scene.made, role).key for role in ROLES}

        @SETTINGS
        @given(case=operation.as_strategy(generation_mode=mode), role=sampled_from(ROLES))
        def tried(case: Any, role: str) -> None:
            with undone():
                case.call_and_validate(headers={"Authorization": f"Bearer {keys[role]}"}, checks=CHECKED)

        tried()
