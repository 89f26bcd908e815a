"""Which module wins when several people hold the same number."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MODULES = ("Contacts", "Leads", "Accounts")


def list_modules() -> list[str]:
    return list(MODULES)


def check_modules(value: object) -> None:
    """Refuse anything but the known modules, each once, in any order."""
    if not isinstance(value, list) or sorted(map(str, value)) != sorted(MODULES):
        raise ValidationError(
            _("Must name each of %(modules)s once; the first one wins."),
            params={"modules": ", ".join(MODULES)},
        )
