"""The day's page of each role: what needs this person now, three things first."""

from django.http import HttpResponse
from django.shortcuts import render

from zijing.web.access import ActingRequest, acting
from zijing.web.home.days import COMPOSERS


@acting
def page(request: ActingRequest) -> HttpResponse:
    """The day of the acting post, composed as its role says."""
    compose = COMPOSERS[request.holding.post.role.day]
    return render(request, "home/today.html", {"day": compose(request)})
