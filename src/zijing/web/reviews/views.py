"""The review of indicators as it was published: where each stood, who answered; and how the units stood."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from zijing.commitments.reviews import REVIEW, STANDING, published
from zijing.people.access import require
from zijing.web.access import ActingRequest, acting

LISTED = 60


@acting
def latest(request: ActingRequest) -> HttpResponse:
    """The newest review; an empty page when none has been published."""
    return _page(request, None)


@acting
def page(request: ActingRequest, pk: int) -> HttpResponse:
    """A review, or the standing of a month."""
    return _page(request, pk)


def _page(request: ActingRequest, pk: int | None) -> HttpResponse:
    require(request.actor, "figures.read")
    every = list(published(request.actor, REVIEW, STANDING)[:LISTED])
    chosen = published(request.actor, REVIEW, STANDING).filter(pk=pk).first() if pk else next(iter(every), None)
    if pk and chosen is None:
        raise Http404
    return render(request, "reviews/review.html", {"chosen": chosen, "every": every, "standing": STANDING})
