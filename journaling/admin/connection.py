"""The connection's page and the list of connections."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Model, QuerySet
from django.forms.models import fields_for_model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from connector.admin import buttons, directory_box
from connector.admin.inlines import AgentInline, QueueInline
from connector.admin.scoped import ScopedAdmin
from connector.holds import retry_with_new_settings
from connector.models import Connection, DialSettings
from connector.moments import show_moment
from connector.state import describe_state
from journaling.admin import (
    bench,
    checklist_buttons,
    connection_buttons,
    demo_button,
    preview,
    proof,
)
from journaling.admin.conditions import CONDITIONS
from journaling.admin.connection_form import DIAL_FIELDS, JOURNAL_FIELDS, ConnectionForm
from journaling.admin.connection_page import describe_page
from journaling.admin.connection_tabs import FIELDSETS
from journaling.admin.deleting import DeletesInOne
from journaling.admin.field_help import reword
from journaling.admin.new_connection_form import NewConnectionForm
from journaling.models import JournalSettings
from journaling.telling.figures import with_figures

NEW_FIELDSETS = [
    (
        None,
        {
            "fields": (
                "name",
                "slug",
                "data_centre",
                "country",
                "time_zone",
                "language",
                "takes_over",
            ),
            "description": _(
                "These few facts come first. Everything else has a sensible value already and "
                "stands on the next page."
            ),
        },
    )
]


@admin.register(Connection)
class ConnectionAdmin(DeletesInOne, ScopedAdmin):
    form = ConnectionForm
    inlines = [AgentInline, QueueInline]
    conditional_fields = CONDITIONS
    formfield_overrides = {models.URLField: {"widget": UnfoldAdminTextInputWidget}}
    list_display = [
        "name",
        "show_state",
        "show_lookup",
        "show_report",
        "show_waiting",
        "show_parked",
        "show_today",
    ]
    search_fields = ["name", "slug"]
    empty_words = _("A connection joins one 3CX phone system with one Zoho CRM organisation.")
    change_form_outer_before_template = "admin/connector/connection/header.html"
    change_form_outer_after_template = "admin/connector/connection/button_forms.html"
    custom_urls = (
        ("<int:pk>/pause/", "connector_connection_pause", buttons.pause),
        ("<int:pk>/resume/", "connector_connection_resume", buttons.resume),
        ("<int:pk>/new-key/", "connector_connection_new_key", buttons.show_new_key),
        (
            "<int:pk>/read-extensions/",
            "connector_connection_read_extensions",
            buttons.read_from_pbx,
        ),
        ("<int:pk>/template/", "connector_connection_template", buttons.download_template),
        ("<int:pk>/move/", "connector_connection_move", connection_buttons.confirm_moving),
        (
            "<int:pk>/remove-demo/",
            "connector_connection_remove_demo",
            connection_buttons.confirm_removing_demo,
        ),
        ("demo/", "connector_connection_make_demo", demo_button.make_demo),
        ("<int:pk>/test/", "connector_connection_test", checklist_buttons.run_test),
        ("<int:pk>/test-call/", "connector_connection_test_call", checklist_buttons.run_test_call),
        ("<int:pk>/begin-now/", "connector_connection_begin_now", checklist_buttons.begin_now),
        ("<int:pk>/fill-field/", "connector_connection_fill_field", checklist_buttons.fill_field),
        (
            "<int:pk>/reference-field/",
            "connector_connection_reference_field",
            checklist_buttons.make_field,
        ),
        ("<int:pk>/try/", "connector_connection_try", bench.try_out),
        ("<int:pk>/proof/", "connector_connection_proof", proof.show_proof),
        ("<int:pk>/proof/sheet/", "connector_connection_proof_sheet", proof.download_month),
        ("<int:pk>/proof/compare/", "connector_connection_compare", proof.compare_now),
        ("<int:pk>/proof/send/", "connector_connection_send_missing", proof.send_missing),
        (
            "<int:pk>/directory/compare/",
            "connector_connection_directory_compare",
            directory_box.compare_directory,
        ),
        (
            "<int:pk>/directory/refill/",
            "connector_connection_directory_refill",
            directory_box.refill_directory,
        ),
        (
            "<int:pk>/directory/share/",
            "connector_connection_directory_share",
            directory_box.save_share,
        ),
        ("<int:pk>/preview/", "connector_connection_preview", preview.answer_preview),
    )  # fmt: skip

    class Media:
        js = [
            "journaling/texts.js",
            "connector/directory.js",
            "connector/module_order.js",
            "connector/unsaved.js",
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]:
        connections: QuerySet[Connection] = super().get_queryset(request)
        return with_figures(
            connections.select_related("grant__organisation", "proposed_grant__organisation")
        )

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return NEW_FIELDSETS
        return FIELDSETS if self.has_change_permission(request, obj) else []

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        return self.inlines if obj and self.has_change_permission(request, obj) else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return {} if obj else {"slug": ("name",)}

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        if obj is None:
            return super().get_form(request, obj, change, form=NewConnectionForm, **kwargs)
        declared: dict[str, Any] = {}
        for model, names in ((JournalSettings, JOURNAL_FIELDS), (DialSettings, DIAL_FIELDS)):
            declared |= fields_for_model(
                model,
                fields=[name for name in names if name not in ConnectionForm.declared_fields],
                formfield_callback=partial(self.formfield_for_dbfield, request=request),
            )
        form = type("ConnectionForm", (ConnectionForm,), declared)
        return super().get_form(request, obj, change, form=form, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 3
        return reword(db_field.name, field) if field else field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Writes only what the form holds: holds and last lookups change meanwhile."""
        if change:
            columns = {field.name for field in Connection._meta.concrete_fields}
            obj.save(update_fields=sorted(columns & set(form.cleaned_data)))
            retry_with_new_settings(obj)
            form.save_further_rows()
        else:
            connection_buttons.create_connection(obj)

    def response_add(
        self, request: HttpRequest, obj: Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The long page follows the short one."""
        super().response_add(request, obj, post_url_continue)
        url = reverse("admin:connector_connection_change", args=[obj.pk])
        return HttpResponseRedirect(url)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["show_save_and_add_another"] = False
        if obj := kwargs.get("obj"):
            context |= describe_page(obj, context=context, user=request.user)
        else:
            context["show_save_and_continue"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description=_("state"), label={
        "danger": "danger", "warning": "warning", "info": "info", "success": "success",
    })  # fmt: skip
    def show_state(self, connection: Connection) -> tuple[str, str]:
        state = describe_state(connection)
        return state.level, state.words

    @display(description=_("last lookup"), ordering="last_lookup_at")
    def show_lookup(self, connection: Connection) -> str:
        return show_moment(connection.last_lookup_at, zone=connection.time_zone)

    @display(description=_("last report"), ordering="last_report_at")
    def show_report(self, connection: Any) -> str:
        return show_moment(connection.last_report_at, zone=connection.time_zone)

    @display(description=_("waiting"), ordering="waiting")
    def show_waiting(self, connection: Any) -> int:
        return int(connection.waiting + connection.sending)

    @display(description=_("need a decision"), ordering="parked")
    def show_parked(self, connection: Any) -> int:
        return int(connection.parked)

    @display(description=_("in Zoho today"), ordering="delivered_today")
    def show_today(self, connection: Any) -> int:
        return int(connection.delivered_today)
