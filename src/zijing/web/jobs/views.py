"""Long work a person asked for: how far it is, its result, and the way to end it."""

from dataclasses import dataclass
from io import BytesIO

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zijing.core.errors import Missing
from zijing.outbox import jobs, keeping
from zijing.outbox.models import Job
from zijing.web.access import ActingRequest, acting

SHOWN = 50
POLL = 286  # htmx stops asking when this is answered


@dataclass(frozen=True)
class Shown:
    """A job with its title in the reader's language."""

    job: Job
    title: str


@require_GET
@acting
def index(request: ActingRequest) -> HttpResponse:
    """The person's own work, the newest first."""
    found = Job.objects.visible_to(request.actor).order_by("-pk")[:SHOWN]
    return render(request, "jobs/index.html", {"jobs": [Shown(j, jobs.title_of(j)) for j in found]})


@require_GET
@acting
def page(request: ActingRequest, pk: int) -> HttpResponse:
    """How far one job is; asked for again by itself until it has ended."""
    job = _own(request, pk)
    context = {"job": job, "title": jobs.title_of(job), "download": bool(job.result_name)}
    template = "jobs/page.html#state" if request.htmx.target == "job" else "jobs/page.html"
    return render(request, template, context, status=POLL if request.htmx and not job.live else 200)


@require_POST
@acting
def end(request: ActingRequest, pk: int) -> HttpResponse:
    """No longer wanted."""
    jobs.cancel(actor=request.actor, at=request.now, job=_own(request, pk))
    return redirect("job", pk)


@require_POST
@acting
def again(request: ActingRequest, pk: int) -> HttpResponse:
    """Once more, after a failure."""
    jobs.try_again(actor=request.actor, at=request.now, job=_own(request, pk))
    return redirect("job", pk)


@require_GET
@acting
def result(request: ActingRequest, pk: int) -> FileResponse:
    """The file a job has made."""
    job = _own(request, pk)
    if not job.result_name:
        raise Missing(_("This work has made no file."))
    content = BytesIO(keeping.kept(job.pk, keeping.RESULT))
    return FileResponse(content, as_attachment=True, filename=job.result_name, content_type=job.result_type)


def _own(request: ActingRequest, pk: int) -> Job:
    job = Job.objects.visible_to(request.actor).filter(pk=pk).first()
    if job is None:
        raise Missing(_("You have asked for no such work."))
    return job
