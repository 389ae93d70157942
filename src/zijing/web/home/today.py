"""The day's page of each role: what needs this person now, three things first."""

from django.http import HttpResponse
from django.shortcuts import render

from zijing.web.access import ActingRequest, acting
from zijing.web.home.days import COMPOSERS, leading


@acting
def page(request: ActingRequest) -> HttpResponse:
    """The day of the acting post; a role this software does not know sees what is within its sight."""
    compose = COMPOSERS.get(request.actor.role, leading)
    return render(request, "home/today.html", {"day": compose(request)})
