"""The admin's forms as a browser would send them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from connector.models import Connection


def find_page(connection: Connection) -> str:
    return reverse("admin:connector_connection_change", args=[connection.pk])


def read_form(client: Client, connection: Connection) -> dict[str, Any]:
    """What the connection's page would post when nothing was typed."""
    context = client.get(find_page(connection)).context
    fields = list_values(context["adminform"].form)
    for formset in (table.formset for table in context["inline_admin_formsets"]):
        fields |= list_values(formset.management_form)
        for form in formset.forms:
            fields |= list_values(form)
    return fields


def list_values(form: Any) -> dict[str, Any]:
    values = {bound.html_name: bound.value() for bound in form}
    return {
        name: "on" if value is True else value
        for name, value in values.items()
        if value is not None and value is not False
    }


def save_page(client: Client, connection: Connection, **typed: Any) -> Any:
    """Type these values into the page and press Save; None clears a switch."""
    fields = read_form(client, connection) | typed
    posted = {name: value for name, value in fields.items() if value is not None}
    return client.post(find_page(connection), posted)


def list_errors(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["adminform"].form.errors)
