"""What a form sent: its body for exactly-once, its files."""

import hashlib
from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from zijing.records.files import MAX_BYTES, Upload

UNTOLD = {"csrfmiddlewaretoken", "client_id"}


def uploads_of(request: HttpRequest) -> dict[str, Upload]:
    """The files a form sent, by field; of one that is too large only enough is read to say so."""
    return {
        key: Upload(file.read(MAX_BYTES + 1), file.name or "")
        for key, file in request.FILES.items()
        if isinstance(file, UploadedFile) and file.size
    }


def body_of(request: HttpRequest, uploads: dict[str, Upload]) -> bytes:
    """What tells one sending of a form from another: its values and the digests of its files."""
    pairs = [(k, v) for k, values in request.POST.lists() if k not in UNTOLD for v in values]
    files = [(k, hashlib.sha256(u.content).hexdigest()) for k, u in uploads.items()]
    return f"{request.path}?{urlencode(sorted(pairs) + sorted(files))}".encode()
