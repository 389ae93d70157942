"""What a form sent: its body for exactly-once, its files; and how it is told that it was taken."""

import hashlib
from collections.abc import Callable, Collection
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url

from zijing.core.errors import DomainError, Missing
from zijing.journal.once import once
from zijing.records.files import MAX_BYTES, Upload, make_ready
from zijing.web.access import ActingRequest, client_id_of, read_by_script

UNTOLD = {"csrfmiddlewaretoken", "client_id"}


def uploads_of(request: HttpRequest) -> dict[str, Upload]:
    """The files a form sent, by field, the same ones however often it is asked; of one that is too large only enough is
    read to say so.
    """
    known: dict[str, dict[str, Upload]] = vars(request)
    if "uploads" not in known:
        sent = {key: file for key, file in request.FILES.items() if isinstance(file, UploadedFile) and file.size}
        known["uploads"] = {key: _read(file) for key, file in sent.items()}
    return known["uploads"]


def _read(file: UploadedFile) -> Upload:
    file.seek(0)
    return Upload(file.read(MAX_BYTES + 1), file.name or "")


def body_of(request: HttpRequest, uploads: dict[str, Upload], without: Collection[str] = ()) -> bytes:
    """What tells one sending of a form from another: its values, ``without`` some, and the digests of its files."""
    pairs = [(k, v) for k, values in request.POST.lists() if k not in {*UNTOLD, *without} for v in values]
    files = [(k, hashlib.sha256(u.content).hexdigest()) for k, u in uploads.items()]
    return f"{request.path}?{urlencode(sorted(pairs) + sorted(files))}".encode()


def done_once(request: ActingRequest, uploads: dict[str, Upload], do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do what a form asks for, exactly once, with its files made ready before."""
    return once(
        actor=request.actor, at=request.now, client_id=client_id_of(request), body=body_of(request, uploads), do=do,
        before=partial(make_ready, uploads.values()) if uploads else None,
    )  # fmt: skip


def taken(request: HttpRequest, sentence: str, to: str, *args: object, seen: int | None = None) -> HttpResponse:
    """The end of a form that was taken: the page that follows, which says so; a script reads both.

    ``seen`` is the record's revision since then: what whoever sent the form has seen of it.
    """
    if read_by_script(request):
        told = {"said": sentence, "at": resolve_url(to, *args)}
        return JsonResponse(told if seen is None else {**told, "seen": seen})
    messages.success(request, sentence)
    return redirect(to, *args)


def is_for_the_page(request: HttpRequest, error: DomainError) -> bool:
    """Whether the page shows the form again with a refusal; otherwise it is answered as every refusal is."""
    return not isinstance(error, Missing) and not read_by_script(request)
