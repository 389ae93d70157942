"""Addresses of plans."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.plans.changing import change
from zijing.web.plans.minutes import decisions
from zijing.web.plans.orders import orders
from zijing.web.plans.views import against, index, sheet, slips, tree

urlpatterns: list[URLPattern | URLResolver] = [
    path("plans/", index, name="plans"),
    path("plans/<id:pk>/", tree, name="plan"),
    path("plans/<id:pk>/plan.xlsx", sheet, name="plan-sheet"),
    path("plans/<id:pk>/slipped/", slips, name="plan-slipped"),
    path("plans/<id:pk>/orders/", orders, name="plan-orders"),
    path("plans/<id:pk>/against/", against, name="plan-against"),
    path("plans/<id:pk>/change/", change, name="plan-change"),
    path("meetings/<id:pk>/decisions/", decisions, name="decisions"),
]
