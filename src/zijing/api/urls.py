"""The API under /api/v1: thin, a schema to a query or a verb."""

from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from zijing import __version__
from zijing.api import (
    assessment,
    boards,
    cases,
    channel,
    commitments,
    documents,
    errors,
    figures,
    files,
    imports,
    indicators,
    jobs,
    judging,
    links,
    merging,
    offices,
    papers,
    planning,
    projects,
    records,
    schedules,
    search,
    sheets,
    suggesting,
    supervision,
)
from zijing.api.auth import Bearer
from zijing.api.docs import PlainDocs


class Readable(JSONRenderer):
    """JSON whose Chinese can be read."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="Zijing",
    version=__version__,
    description=(
        "What a post may see and do on the pages, for programs. Money in fen, decimals as text, dates in ISO 8601. "
        "A refusal is one sentence in the language of Accept-Language, the field it is about, and all faults found."
    ),
    urls_namespace="api",
    auth=Bearer(),
    docs=PlainDocs(),
    renderer=Readable(),
)
errors.install(api)
for part in (
    offices,
    projects,
    boards,
    assessment,
    judging,
    documents,
    schedules,
    channel,
    commitments,
    planning,
    indicators,
    papers,
    records,
    files,
    suggesting,
    supervision,
    merging,
    cases,
    figures,
    imports,
    sheets,
    jobs,
    search,
):
    api.add_router("", part.router)
errors.document(api)
links.link(api)
