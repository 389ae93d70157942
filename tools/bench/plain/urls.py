"""The product's addresses and the plain view's."""

import json

from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from plain.models import Note


@csrf_exempt
def note(request: HttpRequest) -> JsonResponse:
    """Insert one row."""
    made = Note.objects.create(text=json.loads(request.body)["values"]["what"])
    return JsonResponse({"id": made.pk}, status=201)


urlpatterns = [path("plain/", note), path("", include("zijing.config.urls"))]
