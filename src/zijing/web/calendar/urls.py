"""The addresses of the calendar: its page, its private feed, and taking or ending the feed's address."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.calendar import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendar/", views.page, name="calendar"),
    path("calendar/address/", views.address, name="calendar-address"),
    path("calendar/<str:key>.ics", views.feed, name="calendar-feed"),
]
