"""A connection as typed on its page, with its tables: tried, never stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin

from connector.models import Connection
from journaling.owners import Tables, read_tables
from journaling.trying.whatif import Bench


@dataclass(frozen=True, kw_only=True)
class Typed:
    """`asks_zoho`: “Records that nobody finds” differs from what is saved."""

    connection: Connection
    tables: Tables
    asks_zoho: bool = False

    def open_bench(self) -> Bench:
        """Raises ZohoError."""
        return Bench(self.connection, tables=self.tables, asks_zoho=self.asks_zoho)


def read_saved(connection: Connection) -> Typed:
    return Typed(connection=connection, tables=read_tables(connection))


def read_typed(
    request: HttpRequest, saved: Connection, *, model_admin: ModelAdmin
) -> tuple[Typed | None, list[str]]:
    """What the page's form holds, and what is wrong with it; nothing where there is no form."""
    if "accounts_url" not in request.POST:
        return None, []
    row = Connection.objects.get(pk=saved.pk)
    form_class: Any = model_admin.get_form(request, row, change=True)
    form = form_class(request.POST, instance=row)
    formsets = list_formsets(request, row, model_admin=model_admin)
    wrong = [*list_wrong(form), *(line for rows in formsets.values() for line in list_faults(rows))]
    if wrong:
        return None, wrong
    connection: Connection = form.instance
    connection.journal = form.journal
    tables = read_tables(saved)
    return Typed(
        connection=connection,
        tables=Tables(
            agents=list_rows(formsets["agents"]) if "agents" in formsets else tables.agents,
            queues=list_rows(formsets["queues"]) if "queues" in formsets else tables.queues,
        ),
        asks_zoho=connection.keep_out != saved.keep_out,
    ), []


def list_formsets(
    request: HttpRequest, row: Connection, *, model_admin: ModelAdmin
) -> dict[str, Any]:
    """The tables of the page by their prefix, as far as they were posted."""
    found = {}
    for formset_class, inline in model_admin.get_formsets_with_inlines(request, row):
        prefix = formset_class.get_default_prefix()
        if f"{prefix}-TOTAL_FORMS" in request.POST:
            rows = inline.get_queryset(request)
            found[prefix] = formset_class(
                data=request.POST, instance=row, prefix=prefix, queryset=rows
            )
    return found


def list_wrong(form: Any) -> Iterator[str]:
    """“Label: what is wrong”, a line for each field."""
    for name, words in form.errors.items():
        told = " ".join(words)
        yield f"{form[name].label}: {told}" if name in form.fields else told


def list_faults(formset: Any) -> Iterator[str]:
    for form in formset.forms:
        if form not in formset.deleted_forms:
            yield from list_wrong(form)
    yield from formset.non_form_errors()


def list_rows(formset: Any) -> list[Any]:
    kept = [form for form in formset.forms if form not in formset.deleted_forms]
    return [form.instance for form in kept if form.instance.pk or form.has_changed()]
