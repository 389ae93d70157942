"""The API tried by its own description (schemathesis): every operation, valid and broken input, as several posts.

What is answered must be described, shaped as described, and never a failure of the server. Which input a pack's rules
refuse is not in the description, so whether valid input is accepted is not asked.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test
from hypothesis.strategies import sampled_from
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation.modes import GenerationMode

from tests.api.test_openapi import described
from tests.architecture.test_every_door import CALLS, Door, Scene, build, undone, with_key
from tests.factories.calls import closing_nothing
from zijing.records.files import XLSX

ROLES = ("secretary", "project_office", "team", "system_admin")
SETTINGS = settings(
    max_examples=3, derandomize=True, deadline=None, database=None, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
UNKNOWN = {"positive_data_acceptance"}
# What some way along the links must succeed in: else they lead nowhere.
FOLLOWED = {
    "POST /api/v1/cases", "GET /api/v1/cases/{id}", "POST /api/v1/cases/{id}/{verb}", "GET /api/v1/records/{noun}/{id}/files",
    "POST /api/v1/projects/{id}/reports", "PATCH /api/v1/reports/{id}",
}  # fmt: skip
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


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    with closing_nothing():
        yield


description = cache(described)


def schema() -> Any:
    found = schemathesis.openapi.from_dict(description())
    found.app = get_wsgi_application()
    return found


shared_schema = cache(schema)


def labels() -> list[str]:
    return [f"{method.upper()} {path}" for path, methods in description()["paths"].items() for method in methods]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("label", labels())
def test_every_operation_keeps_its_description(scene: Scene, label: str, mode: GenerationMode) -> None:
    operation = shared_schema().find_operation_by_label(label)
    with undone():
        keys = {role: with_key(scene.made, role).key for role in ROLES}

        @SETTINGS
        @given(case=operation.as_strategy(generation_mode=mode), role=sampled_from(ROLES))
        def tried(case: Any, role: str) -> None:
            with undone():
                case.call_and_validate(headers={"Authorization": f"Bearer {keys[role]}"}, checks=CHECKED)

        tried()


def linked() -> set[str]:
    """The operations whose answers lead on, and those that they lead to."""
    every = {f"{method.upper()} {path}": operation for path, methods in description()["paths"].items()
             for method, operation in methods.items()}  # fmt: skip
    labels = {operation["operationId"]: label for label, operation in every.items()}
    return {
        end
        for label, operation in every.items()
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
        for end in (label, labels[link["operationId"]])
    }


@pytest.mark.django_db
def test_what_an_answer_leads_to_keeps_its_description(scene: Scene) -> None:
    """Operations follow each other by the links of the description, each by the post and with the body of its door."""
    known = linked()
    assert known >= FOLLOWED
    found = schema().include(lambda context: context.operation.label in known).exclude(path_regex="/figures")
    reached: set[str] = set()
    found.config.generation.update(modes=[GenerationMode.POSITIVE])
    keys = {door.role: with_key(scene.made, door.role).key for door in CALLS.values()}

    class Workflow(found.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.taken_back = ExitStack()
            self.taken_back.enter_context(undone())

        def teardown(self) -> None:
            self.taken_back.close()

        def before_call(self, case: Any) -> None:
            door = door_of(case)
            case.query = dict(parse_qsl(urlsplit(door.url).query))
            if door.raw or door.body:
                case.body = door.raw() if door.raw else door.body(scene)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {keys[door_of(case).role]}"}}

        def validate_response(self, response: Any, case: Any, *_more: Any, **sent: Any) -> None:
            case.validate_response(response, checks=CHECKED, headers=sent["headers"], recorder=self.recorder)
            if response.status_code < 300:
                reached.add(case.operation.label)

    def door_of(case: Any) -> Door:
        return CALLS[f"{case.method} {case.operation.path.removeprefix('/api/v1/')}"]

    run_state_machine_as_test(Workflow, settings=settings(SETTINGS, max_examples=40, stateful_step_count=20))
    assert reached >= FOLLOWED
