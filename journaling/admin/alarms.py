"""Who is told of alarms, and the alarms themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminSelectWidget

from connector.admin.readonly import ReadOnlyAdmin
from connector.admin.scoped import ScopedAdmin
from connector.models import Connection
from connector.moments import show_moment
from connector.outside import ForbiddenAddress, find_allowed_address
from journaling.admin.new_connection_form import TimeZoneField
from journaling.alarms.telling import HAS_ARRIVED, tell
from journaling.models import Alarm, AlarmReceiver


class ReceiverForm(forms.ModelForm):
    webhook_url = forms.CharField(
        label=gettext_lazy("Webhook"),
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            'Gets {"text": …} by POST, as Slack and Mattermost take it. It is stored encrypted and '
            "never shown again."
        ),
    )

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=Connection.Language.choices,
        initial=Connection.Language.ENGLISH,
        widget=UnfoldAdminSelectWidget,
    )
    time_zone = TimeZoneField(
        initial="UTC", help_text=gettext_lazy("The quiet hours are meant in it.")
    )

    class Meta:
        model = AlarmReceiver
        fields = (
            "name", "active", "connection", "email", "webhook_url", "language",
            "quiet_from", "quiet_until", "time_zone",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["webhook_url"] = ""
        if self.instance.webhook_url:
            self.fields["webhook_url"].help_text = _(
                "A webhook is stored. Leave this empty to keep it; it is never shown again."
            )

    def clean_webhook_url(self) -> Any:
        url = self.cleaned_data["webhook_url"].strip()
        try:
            if url:
                find_allowed_address(url)
        except ForbiddenAddress as error:
            raise forms.ValidationError(str(error)) from error
        return url or self.instance.webhook_url

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("email") and not cleaned.get("webhook_url") and not self.errors:
            self.add_error("email", _("Enter an e-mail address or a webhook."))
        return cleaned


@require_POST
def send_test(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    receiver: AlarmReceiver | None = model_admin.get_object(request, str(pk))
    if receiver is None:
        raise Http404
    if not model_admin.has_change_permission(request, receiver):
        raise PermissionDenied
    with translation.override(receiver.language):
        text = _("This is a test; nothing is wrong.")
    trouble = tell(receiver, text=text, url=settings.PUBLIC_URL + "/admin/")
    if trouble:
        messages.error(request, _("It was not sent: %s") % trouble)
    elif receiver.email and not settings.EMAIL_IS_SET_UP:
        messages.warning(request, _("No mail was sent: the operator has to set EMAIL_URL."))
    else:
        messages.success(request, _("Sent."))
    return HttpResponseRedirect(reverse("admin:journaling_alarmreceiver_change", args=[pk]))


@admin.register(AlarmReceiver)
class AlarmReceiverAdmin(ScopedAdmin):
    form = ReceiverForm
    list_display = ["name", "active", "connection", "email", "language"]
    empty_words = gettext_lazy("Nobody is told yet: what is wrong stands on these pages only.")
    change_form_outer_before_template = "admin/journaling/receiver_test.html"
    custom_urls = (("<int:pk>/send-test/", "journaling_alarmreceiver_send_test", send_test),)


@admin.register(Alarm)
class AlarmAdmin(ReadOnlyAdmin):
    list_display = ["show_words", "connection", "show_began", "show_ended"]
    empty_words = gettext_lazy("Nothing has been wrong. Alarms that are over stay here as well.")
    list_filter = ["connection"]
    list_select_related = ["connection"]
    fields = ["show_words", "connection", "show_began", "show_ended", "show_page", "show_told"]

    @display(description=gettext_lazy("what"))
    def show_words(self, alarm: Alarm) -> str:
        return str(alarm)

    @display(description=gettext_lazy("began"), ordering="began_at")
    def show_began(self, alarm: Alarm) -> str:
        return show_moment(alarm.began_at, zone=find_zone_name(alarm))

    @display(description=gettext_lazy("ended"), ordering="ended_at")
    def show_ended(self, alarm: Alarm) -> str:
        if alarm.ended_at is None:
            return _("not over yet")
        return show_moment(alarm.ended_at, zone=find_zone_name(alarm))

    @display(description=gettext_lazy("what mends it"))
    def show_page(self, alarm: Alarm) -> str:
        return format_html('<a class="text-link" href="{}">{}</a>', alarm.url, _("Open the page"))

    @display(description=gettext_lazy("who was told"))
    def show_told(self, alarm: Alarm) -> str:
        names = alarm.notices.filter(HAS_ARRIVED).values_list("receiver__name", flat=True)
        return ", ".join(sorted(set(names))) or _("nobody")


def find_zone_name(alarm: Alarm) -> str:
    return alarm.connection.time_zone if alarm.connection else settings.TIME_ZONE
