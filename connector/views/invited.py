"""Where an invitation's link leads: the person sets their own password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext

from connector.auditing import note
from connector.wording import Wording as _


class InvitedView(PasswordResetConfirmView):
    """GET, POST /invited/<uid>/<token>. The token leaves the address before anything is shown."""

    template_name = "connector/invited.html"
    success_url = reverse_lazy("admin:login")

    def get_user(self, uidb64: str) -> Any:
        user = super().get_user(uidb64)
        return user if user and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        user: Any = self.user
        note(user, _("Set the password by the link."), actor=user)
        messages.success(self.request, gettext("The password is set. Log in with it now."))
        return answer
