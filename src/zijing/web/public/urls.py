"""Addresses of the pages for residents, without an account."""

from django.urls import path

from zijing.web.public import views

urlpatterns = [
    path("public/<int:pk>/", views.index, name="public"),
    path("public/<int:pk>/report/<slug:key>/", views.report, name="public-report"),
    path("public/<int:pk>/fixed/", views.fixed, name="public-fixed"),
    path("complain/<id:pk>/", views.complain, name="complain"),
    path("follow/", views.look_up, name="follow"),
    path("follow/<slug:code>/", views.follow, name="followed"),
]
