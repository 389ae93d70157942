"""A list as a file to take along."""

from io import BytesIO

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from zijing.outbox.models import Job
from zijing.packs.exporting import FORMS, REPLY, export_or_ask
from zijing.records.kinds import kind_of
from zijing.web.access import ActingRequest, acting, client_id_of
from zijing.web.records.asking import plain


@require_POST
@acting
def export(request: ActingRequest, key: str) -> HttpResponseBase:
    """The list under the filter of the address; a long one is made by the work process."""
    params = {name: value for name, value in plain(request.GET).items() if name != "after"}
    form = request.POST.get("form", "")
    form = form if form in {*FORMS, REPLY} else "xlsx"
    made = export_or_ask(
        actor=request.actor, at=request.now, kind=kind_of(key), params=params, form=form,
        client_id=client_id_of(request), columns=[c for c in request.POST.get("columns", "").split(",") if c],
    )  # fmt: skip
    if isinstance(made, Job):
        return redirect("job", made.pk)
    return FileResponse(
        BytesIO(made.content), as_attachment=True, filename=made.name, content_type=made.media_type
    )  # fmt: skip
