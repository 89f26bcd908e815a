"""A link by which a person sets their own password: signed, once, for three days."""

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _


def build_link(user: User) -> str:
    """It ends when the password changes, when the person logs in, and after three days."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return str(settings.PUBLIC_URL + reverse("invited", args=[uid, token]))


def send_link(user: User, link: str) -> str:
    """Mail it to the person; returns what went wrong, "" for nothing."""
    text = _(
        "Hello,\n\nhere you set your password for Patchbay; your user name is %(name)s:\n\n%(link)s"
        "\n\nThe link works once, until %(days)s days have passed."
    ) % {"name": user.get_username(), "link": link, "days": count_days()}
    try:
        send_mail(_("Your access to Patchbay"), text, None, [user.email])
    except OSError as error:
        return str(error)
    return ""


def count_days() -> int:
    return int(settings.PASSWORD_RESET_TIMEOUT // 86_400)
