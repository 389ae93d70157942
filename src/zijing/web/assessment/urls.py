"""Assessments: schemes and results, a result, a score with what it follows from, and what waits for a decision."""

from django.urls import path

import zijing.web.ids  # noqa: F401  # registers <id:…>
from zijing.web.assessment import results, scores

urlpatterns = [
    path("assessment/", results.overview, name="assessments"),
    path("assessment/decisions/", scores.decisions, name="assessment-decisions"),
    path("assessment/schemes/<slug:key>/", results.scheme, name="assessment-scheme"),
    path("assessment/runs/<id:pk>/", results.result, name="assessment-run"),
    path("assessment/scores/<id:pk>/", scores.score, name="assessment-score"),
    path("assessment/scores/<id:pk>/<slug:item>/", scores.rows, name="assessment-rows"),
]
