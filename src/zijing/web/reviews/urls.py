"""Addresses of the review of indicators."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.reviews.views import latest, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("reviews/", latest, name="reviews"),
    path("reviews/<int:pk>/", page, name="review"),
]
