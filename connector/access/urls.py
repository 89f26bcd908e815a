"""Addresses of people's own: the code after the password, and what an invitation leads to."""

from django.urls import path

from connector.views import invited, log_in

urlpatterns = [
    path("login/code/", log_in.ask_code, name="login-code"),
    path("code/", log_in.show_own_code, name="own-code"),
    path("invited/<uidb64>/<token>/", invited.InvitedView.as_view(), name="invited"),
]
