"""The day's page of each role."""

from django.http import HttpResponse
from django.shortcuts import render

from zijing.web.access import ActingRequest, acting


@acting
def page(request: ActingRequest) -> HttpResponse:
    return render(request, "home/today.html", {})
