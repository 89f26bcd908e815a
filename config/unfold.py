"""How the admin looks and what stands in its sidebar."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def find_stylesheet(request: HttpRequest) -> str:
    return static("connector/admin.css")


def find_script(request: HttpRequest) -> str:
    return static("connector/admin.js")


def find_icon(request: HttpRequest) -> str:
    return static("connector/icon.svg")


def describe_link(title: Any, *, icon: str, url: str, right: str = "") -> dict[str, Any]:
    """A link for those who have the right; `url` is a list of the admin, or a page of our own."""
    address = f"admin:{url}" if url == "index" or "_" in url else url
    link = {"title": title, "icon": icon, "link": reverse_lazy(address)}
    return link | {"permission": lambda request: not right or request.user.has_perm(right)}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Patchbay",
    "SITE_HEADER": "Patchbay",
    "SITE_SUBHEADER": _("3CX and Zoho CRM"),
    "SITE_SYMBOL": "cable",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": find_icon}],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "STYLES": [find_stylesheet],
    "SCRIPTS": [find_script],
    "ACCOUNT": {
        "navigation": [
            {"title": _("Change password"), "link": reverse_lazy("admin:password_change")},
            {"title": _("Log-in code"), "link": reverse_lazy("own-code")},
        ]
    },
    "DASHBOARD_CALLBACK": "journaling.admin.dashboard.fill_dashboard",
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "items": [
                    describe_link(_("Dashboard"), icon="dashboard", url="index"),
                    describe_link(
                        _("Connections"), icon="cable", url="connector_connection_changelist"
                    ),
                    describe_link(
                        _("Calls and chats"), icon="call", url="journaling_entry_changelist"
                    ),
                    describe_link(
                        _("Reports from the PBX"), icon="inbox", url="journaling_event_changelist"
                    ),
                ],
            },
            {
                "title": _("Operating"),
                "items": [
                    describe_link(_("Queues"), icon="conveyor_belt", url="queues"),
                    describe_link(
                        _("Attempts"), icon="outbox", url="journaling_attempt_changelist"
                    ),
                    describe_link(
                        _("Alarms"), icon="notifications", url="journaling_alarm_changelist"
                    ),
                    describe_link(
                        _("Receivers of alarms"),
                        icon="forward_to_inbox",
                        url="journaling_alarmreceiver_changelist",
                        right="journaling.view_alarmreceiver",
                    ),
                ],
            },
            {
                "title": _("People and access"),
                "items": [
                    describe_link(
                        _("Users"), icon="group", url="auth_user_changelist", right="auth.view_user"
                    ),
                    describe_link(
                        _("Zoho users"), icon="badge", url="connector_zohouser_changelist"
                    ),
                    describe_link(
                        _("Dial tokens"),
                        icon="key",
                        url="connector_agenttoken_changelist",
                        right="connector.view_agenttoken",
                    ),
                    describe_link(
                        _("History"),
                        icon="history",
                        url="auditlog_logentry_changelist",
                        right="auditlog.view_logentry",
                    ),
                    describe_link(
                        _("A person's request"),
                        icon="person_off",
                        url="privacy",
                        right="journaling.erase_person",
                    ),
                ],
            },
        ],
    },
}
