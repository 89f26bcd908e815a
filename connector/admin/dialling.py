"""Click to call: agents' tokens, each shown once."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from unfold.decorators import display

from connector.admin.scoped import ScopedAdmin
from connector.auditing import note
from connector.clicktocall.agents import make_token, revoke_tokens
from connector.models import AgentToken
from connector.wording import Wording


@admin.register(AgentToken)
class AgentTokenAdmin(ScopedAdmin):
    list_display = ["__str__", "connection", "extension", "way", "last_used_at", "show_state"]
    list_filter = ["connection"]
    list_select_related = ["connection"]
    search_fields = ["name", "extension"]
    empty_words = gettext_lazy("Whoever dials by a click in Zoho needs one for their extension.")
    fields = ["connection", "extension", "name", "way", "number_format"]
    actions = ["revoke"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """A token stays with its extension: calls are joined to records by it."""
        return ["connection", "extension"] if obj else []

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["choices"] = db_field.get_choices(blank_choice=[("", _("as the connection says"))])
        kwargs["help_text"] = ""
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: AgentToken, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=form.changed_data or None)
            return
        chosen = {name: form.cleaned_data[name] for name in self.fields if name != "connection"}
        made, text = make_token(obj.connection, **chosen)
        obj.pk, obj.last_four, obj._state.adding = made.pk, made.last_four, False
        words = _("The token, shown this once. Give it to whoever sits at the extension: %s")
        messages.warning(request, words % text)

    @admin.action(description=gettext_lazy("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[AgentToken]) -> None:
        for token in tokens:
            note(token, Wording(gettext_noop("Revoked.")))
        count = revoke_tokens(*tokens.values_list("pk", flat=True))
        messages.success(request, _("Revoked: %s. They open nothing from now on.") % count)

    @display(description=gettext_lazy("state"), label={"good": "success", "ended": "danger"})
    def show_state(self, token: AgentToken) -> tuple[str, str]:
        return ("ended", _("revoked")) if token.revoked_at else ("good", _("valid"))
