"""Assessments: schemes, own versions, marks, a result, a score with what it follows from, and what waits."""

from django.urls import path

import zijing.web.ids  # noqa: F401  # registers <id:…>
from zijing.web.assessment import marks, results, scores, versions

urlpatterns = [
    path("assessment/", results.overview, name="assessments"),
    path("assessment/decisions/", scores.decisions, name="assessment-decisions"),
    path("assessment/schemes/<slug:key>/", results.scheme, name="assessment-scheme"),
    path("assessment/schemes/<slug:key>/own/", versions.own, name="assessment-own"),
    path("assessment/schemes/<slug:key>/try/<id:pk>/", versions.trial, name="assessment-try"),
    path("assessment/schemes/<slug:key>/marks/<slug:day>/", marks.marks, name="assessment-marks"),
    path("assessment/versions/<id:pk>/withdraw/", versions.withdraw, name="assessment-withdraw"),
    path("assessment/runs/<id:pk>/", results.result, name="assessment-run"),
    path("assessment/scores/<id:pk>/", scores.score, name="assessment-score"),
    path("assessment/scores/<id:pk>/<slug:item>/", scores.rows, name="assessment-rows"),
]
