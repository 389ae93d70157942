"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; behind a proxy of ours (ZIJING_BEHIND_PROXY) what it says, never the client."""
    if settings.BEHIND_PROXY:
        return request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()[:45] or "?"
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
