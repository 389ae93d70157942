"""The day's page of each role: what needs this person now, three things first."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render

from zijing.web.access import ActingRequest, acting
from zijing.web.home.days import COMPOSERS
from zijing.web.home.owing import owing
from zijing.web.home.papers import papers


@acting
def page(request: ActingRequest) -> HttpResponse:
    """The day of the acting post, composed as its role says."""
    compose = COMPOSERS[request.holding.post.role.day]
    day = compose(request)
    blocks = [*day.blocks, *owing(request), *papers(request)]
    return render(request, "home/today.html", {"day": replace(day, blocks=blocks)})
