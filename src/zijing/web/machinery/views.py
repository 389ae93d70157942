"""The machinery: what beats, what has gone silent, how full the disk is. For administrators."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zijing.outbox import machinery
from zijing.web.access import ActingRequest, acting


@acting
def page(request: ActingRequest) -> HttpResponse:
    """In real time, whatever the office's clock shows."""
    found = machinery.read(actor=request.actor, at=timezone.now())
    return render(request, "machinery/machinery.html", {"found": found})
