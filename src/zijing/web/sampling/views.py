"""Draw a random sample of sites by a published seed, and file what imported observations found."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from zijing.core.errors import DomainError
from zijing.packs.campaigns import close_round, rounds
from zijing.packs.finding import file_findings
from zijing.packs.intake import record
from zijing.packs.sampling import BANDS, DRAW, draw, draw_kind, field_of, minimums, populations
from zijing.people.access import require
from zijing.web.access import ActingRequest, acting, client_id_of
from zijing.web.imports.forms import number_of

BAND_TITLES = {
    "small": gettext_lazy("under 500,000 people"), "middle": gettext_lazy("500,000 to 2,000,000"),
    "large": gettext_lazy("over 2,000,000"),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@acting
def samples(request: ActingRequest) -> HttpResponse:
    """How many sites there are of each type, how many are drawn at least, and the draw."""
    require(request.actor, "activities.write")
    kind = draw_kind()
    error = None
    if request.method == "POST":
        try:
            return DONE.get(request.POST.get("do", ""), _draw)(request)
        except DomainError as refused:
            error = refused
    given = request.POST if request.method == "POST" else request.GET
    campaigns = kind.by_key["campaign"].options
    campaign = given.get("campaign") or campaigns[0][0]
    band = given.get("band") if given.get("band") in BANDS else BANDS[0]
    found = rounds(request.actor)
    least, known = minimums(request.actor, campaign, str(band)), populations(request.actor)
    lines = [
        (key, title, len(known.get(key, [])), least.get(key, 0), given.get(f"n-{key}", "") or least.get(key, ""))
        for key, title in kind.by_key["type"].options
        if known.get(key) or least.get(key)
    ]
    context = {
        "lines": lines, "error": error, "campaigns": [(k, t, k == campaign) for k, t in campaigns], "list": DRAW,
        "bands": [(k, t, k == band) for k, t in BAND_TITLES.items()], "seed": given.get("seed", ""),
        "name": given.get("name", ""), "may_file": request.actor.may("cases.file"),
        "rounds": [(r, field_of(kind, "campaign").titles.get(r.campaign, r.campaign)) for r in found],
    }  # fmt: skip
    return render(request, "sampling/samples.html", context, status=error.status if error else 200)


def _draw(request: ActingRequest) -> HttpResponse:
    wanted = {k.removeprefix("n-"): number_of(str(v)) for k, v in request.POST.items() if k.startswith("n-")}
    made = draw(
        actor=request.actor, at=request.now, campaign=request.POST.get("campaign", ""),
        name=request.POST.get("name", ""), seed=request.POST.get("seed", ""), wanted=wanted,
        client_id=client_id_of(request), band=request.POST.get("band", ""),
    )  # fmt: skip
    messages.success(request, _("%(n)d samples drawn.") % {"n": len(made)})
    return redirect("list", DRAW)


def _findings(request: ActingRequest) -> HttpResponse:
    filed = file_findings(actor=request.actor, at=request.now, file=record)
    messages.success(request, _("%(n)d findings filed.") % {"n": filed})
    return redirect("samples")


def _close(request: ActingRequest) -> HttpResponse:
    sent = request.POST
    made = close_round(
        actor=request.actor, at=request.now, campaign=sent.get("campaign", ""), name=sent.get("round", "")
    )  # fmt: skip
    messages.success(request, _("Closed: %(name)s has its score rate.") % {"name": made.title})
    return redirect("samples")


DONE = {"findings": _findings, "close": _close}
