"""“Another owner or kind”: asked for, said plainly, and only then done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget

from connector.admin.buttons import render_page
from connector.state import find_grant
from connector.threecx.reports import CallType
from journaling.admin.entry_buttons import answer, find_decidable, show_entry
from journaling.admin.entry_page import CALL_KINDS, find_record_url, name_kind
from journaling.correcting.anew import may_write_anew, write_anew
from journaling.correcting.chosen import Chosen
from journaling.models import Entry


class AnewForm(forms.Form):
    """Owner and kind as they are now, to be changed; a chat has an owner only."""

    owner = forms.ChoiceField(label=gettext_lazy("Owner"), widget=UnfoldAdminSelectWidget)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        widget=UnfoldAdminSelectWidget,
        choices=[(kind.value, CALL_KINDS[kind.value]) for kind in CallType],
    )

    def __init__(self, typed: Any, *, entry: Entry) -> None:
        self.names, self.now = list_owners(entry), find_now(entry)
        super().__init__(typed, initial=self.now)
        owners: Any = self.fields["owner"]
        owners.choices = [("", "–")] * (self.now["owner"] not in self.names) + list(
            self.names.items()
        )
        if entry.kind != Entry.Kind.CALL:
            del self.fields["kind"]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if not self.errors and all(self.now[name] == value for name, value in typed.items()):
            raise forms.ValidationError(_("Choose another owner or another kind."))
        return typed

    def read_chosen(self) -> Chosen:
        owner = self.cleaned_data["owner"]
        kind = self.cleaned_data.get("kind", "")
        return Chosen(owner_zoho_id=owner, owner=self.names[owner], call_type=kind)


def list_owners(entry: Entry) -> dict[str, str]:
    """The organisation's active users: names by id."""
    grant = find_grant(entry.connection)
    users = grant.organisation.users.filter(active=True) if grant else ()
    return {user.zoho_id: user.name for user in users}


def find_now(entry: Entry) -> dict[str, str]:
    """A record without an owner of ours belongs to the connected user."""
    grant = find_grant(entry.connection)
    owner = entry.owner_zoho_id or (grant.user_zoho_id if grant else "")
    return {"owner": owner, "kind": entry.call_type}


def ask_anew(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """The form, then what will happen, then the deed: nothing is sent before the third."""
    entry = find_decidable(request, pk=pk)
    if not may_write_anew(entry):
        messages.warning(request, _("Its state changed meanwhile; nothing was done."))
        return show_entry(pk)
    form = AnewForm(request.POST if request.method == "POST" else None, entry=entry)
    chosen = form.read_chosen() if form.is_valid() else None
    if chosen and "confirmed" in request.POST:
        fresh = write_anew(entry, chosen=chosen, by=request.user.get_username())
        words = _("It is written anew as %s.") % (fresh.reference if fresh else "")
        return answer(request, pk=fresh.pk if fresh else pk, done=bool(fresh), words=words)
    return render_page(
        request,
        "admin/journaling/entry/anew.html",
        model_admin=model_admin,
        title=_("Another owner or kind: %s") % name_kind(entry),
        entry=entry,
        form=form,
        chosen=chosen,
        kind=CALL_KINDS.get(chosen.call_type, "") if chosen else "",
        zoho_url=find_record_url(entry, module=entry.module, zoho_id=entry.zoho_id),
    )
