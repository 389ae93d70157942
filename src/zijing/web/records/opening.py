"""A file, for whoever sees a record it belongs to."""

from django.http import FileResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from zijing.core.errors import Missing
from zijing.records.files import find_file, is_picture, open_file
from zijing.records.models import File
from zijing.web.access import ActingRequest, acting

EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@acting
def file(request: ActingRequest, pk: int) -> HttpResponseBase:
    """The content of a file; ``?size=small`` is its thumbnail. A picture is shown, a document is downloaded."""
    found = find_file(request.actor, pk)
    if found is None:
        raise Missing(_("There is no such file within your sight."))
    small = request.GET.get("size") == "small" and is_picture(found)
    etag = f'"{found.digest}{"-small" if small else ""}"'
    answer = get_conditional_response(request, etag=etag) or _content(found, small)
    # Asked for again each time, so that signing out closes it; not sent again when it is the same.
    for name, said in (("ETag", etag), ("Cache-Control", "private, no-cache"), ("Content-Security-Policy", "sandbox")):
        answer.headers[name] = said
    return answer


def _content(found: File, small: bool) -> HttpResponseBase:
    try:
        content = open_file(found, small=small)
    except FileNotFoundError as error:
        raise Missing(_("This file is missing from the disk; restore it from a backup.")) from error
    name = f"{found.digest[:12]}.{EXTENSIONS.get(found.media_type, 'xlsx')}"
    return FileResponse(
        content,
        content_type="image/jpeg" if small else found.media_type,
        as_attachment=not is_picture(found),
        filename=name,
    )
