"""First page, signing in and out, which post to act in, language, the day's page, and the sign of life."""

from django.urls import path
from django.views.i18n import set_language

from zijing.web.access import without_post
from zijing.web.home import oidc, signing, today, tour, views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("sign-in/", signing.sign_in, name="sign-in"),
    path("sign-in/code/", signing.sign_in_code, name="sign-in-code"),
    path("sign-in/service/", oidc.begin, name="oidc"),
    path("sign-in/service/back/", oidc.back, name="oidc-back"),
    path("sign-out/", signing.sign_out, name="sign-out"),
    path("act-as/<int:pk>/", signing.act_as, name="act-as"),
    path("demo/as/<slug:role>/", signing.demo_sign_in, name="demo-sign-in"),
    path("demo/advance/", views.advance, name="demo-advance"),
    path("language/", without_post(set_language), name="language"),
    path("tour/<int:step>/", tour.go, name="tour"),
    path("today/", today.page, name="today"),
]
