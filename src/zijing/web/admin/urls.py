"""The three administrators' pages: each right has its own, nobody has all."""

from django.urls import path

import zijing.web.ids  # noqa: F401  # registers <id:…>
from zijing.web.admin import audit, security, system

urlpatterns = [
    path("admin/", system.index, name="admin"),
    path("admin/units/", system.units, name="admin-units"),
    path("admin/posts/", system.posts, name="admin-posts"),
    path("admin/posts/<id:pk>/", system.post, name="admin-post"),
    path("admin/places/", system.places, name="admin-places"),
    path("admin/places/<id:pk>/", system.place, name="admin-place"),
    path("admin/accounts/", security.accounts, name="admin-accounts"),
    path("admin/accounts/<id:pk>/", security.account, name="admin-account"),
    path("admin/screens/", security.screens, name="admin-screens"),
    path("admin/journal/", audit.journal, name="admin-journal"),
    path("admin/journal/export/", audit.export, name="admin-journal-export"),
    path("admin/sign-ins/", audit.sign_ins, name="admin-sign-ins"),
    path("admin/sign-ins/export/", audit.export_sign_ins, name="admin-sign-ins-export"),
    path("admin/looks/", audit.looks, name="admin-looks"),
    path("admin/looks/export/", audit.export_looks, name="admin-looks-export"),
]
