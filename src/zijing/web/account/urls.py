"""One's own account: password, second factor, sessions."""

from django.urls import path

from zijing.web.account import views

urlpatterns = [
    path("account/", views.page, name="account"),
    path("account/password/", views.password, name="change-password"),
    path("account/second-factor/", views.factor, name="second-factor"),
    path("account/second-factor/code.png", views.picture, name="second-factor-picture"),
    path("account/second-factor/codes/", views.codes, name="recovery-codes"),
    path("account/mail/", views.mail, name="account-mail"),
    path("account/sessions/end/", views.end_session, name="end-session"),
]
