"""Where an answer leads: the operations that go on from it, and what of it they take (OpenAPI links)."""

from collections.abc import Callable, Mapping
from typing import Any

from ninja import NinjaAPI

from zijing.api import cases, figures, files, merging, projects, records, search, suggesting, supervision

View = Callable[..., Any]
Links = Mapping[View, Mapping[str, str]]


def of(pointer: str) -> str:
    """The expression for a part of an answer (OpenAPI 3.1, runtime expressions)."""
    return f"$response.body#/{pointer}"


def record_links(pointer: str, noun: str) -> Links:
    """What can be done with a record whose id stands there."""
    found = {"noun": noun, "id": of(pointer)}
    return {records.record: found, records.correct: found, files.listing: found, files.add: found}


CASE = {"id": of("id")}
OF_CASE: Links = {
    cases.case: CASE, cases.ask: CASE, cases.involve: CASE,
    merging.merge: CASE, merging.unmerge: CASE, supervision.supervise_case: CASE, supervision.strike_off_case: CASE,
    files.listing: CASE | {"noun": "case"}, files.add: CASE | {"noun": "case"},
}  # fmt: skip
PROJECT = {"id": of("0/id")}
REPORT = {"id": of("id")}
FIGURE = {"key": of("0/key")}

# By what is answered.
LINKS: dict[Any, Links] = {
    cases.CaseFiled: {**OF_CASE, cases.move: CASE | {"verb": "dispatch"}},
    cases.CaseOut: {
        **OF_CASE,
        cases.move: CASE | {"verb": of("next/0/verb")},
        merging.unmerge: {"id": of("merged/0/id")},
        cases.decide: CASE | {"plea": of("pleas/0/id")},
        cases.answer_share: CASE | {"share": of("shares/0/id")},
    },
    records.RecordOut: {**record_links("id", of("noun")), records.retire: {"id": of("id")}},
    records.ListOut: record_links("records/0/id", of("records/0/noun")),
    search.FoundOut: {
        records.record: {"noun": of("hits/0/noun"), "id": of("hits/0/id")},
        records.listing: {"kind": of("hits/0/kind")},
    },
    files.FileOut: {files.content: {"id": of("file")}},
    list[files.FileOut]: {files.content: {"id": of("0/file")}},
    list[projects.ProjectOut]: {projects.project: PROJECT, projects.report: PROJECT, cases.file: {}},
    projects.ProjectPageOut: {
        projects.report: {"id": of("project/id")},
        cases.case: {"id": of("cases/0/id")},
        projects.correct: {"id": of("reports/0/id")},
    },
    supervision.StandingOut: {records.record: {"noun": of("listed/0/noun"), "id": of("listed/0/id")}},
    suggesting.SuggestionsOut: {cases.file: {}},
    projects.ReportOut: {projects.correct: REPORT, projects.withdraw: REPORT},
    list[figures.FigureOut]: dict.fromkeys((figures.value, figures.series, figures.places, figures.evidence), FIGURE),
}  # fmt: skip


def link(api: NinjaAPI) -> None:
    """Let the description of every operation say where its answer leads."""
    every = [o for _p, router in api._routers for view in router.path_operations.values() for o in view.operations]
    ids = {operation.view_func: api.get_openapi_operation_id(operation) for operation in every}
    for operation in every:
        for status, model in operation.response_models.items():
            answered = getattr(model, "model_fields", {}).get("response")
            links = LINKS.get(answered.annotation, {}) if answered else {}
            said = {view.__name__: {"operationId": ids[view], "parameters": taken} for view, taken in links.items()}
            if said:
                extra = operation.openapi_extra or {}
                operation.openapi_extra = extra | {"responses": {status: {"links": said}}}
