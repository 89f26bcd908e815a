"""Which of an organisation's layouts its records are made with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

LAYOUT_COLUMNS = {
    "Calls": "layout_calls",
    "Tasks": "layout_tasks",
    "Leads": "layout_lead",
    "Contacts": "layout_contact",
}


class LayoutSettings(models.Model):
    """Each is a layout's name or id; empty leaves the choice to Zoho."""

    layout_calls = models.CharField(
        _("layout of calls"), max_length=120, blank=True, default="", db_default=""
    )
    layout_tasks = models.CharField(
        _("layout of tasks"), max_length=120, blank=True, default="", db_default=""
    )
    layout_lead = models.CharField(
        _("layout of created leads"), max_length=120, blank=True, default="", db_default=""
    )
    layout_contact = models.CharField(
        _("layout of created contacts"), max_length=120, blank=True, default="", db_default=""
    )

    class Meta:
        abstract = True
