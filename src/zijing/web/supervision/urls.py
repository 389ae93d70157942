"""Addresses of leaders' lists."""

from django.urls import path

import zijing.web.ids  # noqa: F401  # registers <id:…>
from zijing.web.supervision import views, wall

urlpatterns = [
    path("supervision/", views.page, name="supervision"),
    path("supervision/wall/", wall.wall_page, name="supervision-wall"),
    path("screen/<str:key>/supervision/", wall.screen_page, name="supervision-screen"),
    path("supervision/<str:noun>/<id:pk>/<slug:verb>/", views.step, name="supervision-step"),
]
