"""Steps of the set-up for a customer who leaves 3CX's own Zoho integration."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.granting.tokens import REDIRECT_PATH
from connector.models import Connection
from connector.moments import show_moment
from connector.state import find_grant
from journaling.models import JournalSettings, TrialCall
from journaling.setup.steps import DONE, TODO, UNSEEN, WRONG, Step
from journaling.texts.defaults import TEXTS
from journaling.trying.trial_call import describe_trial


def check_shared_client(connection: Connection) -> Step:
    title = _("The Zoho client that 3CX uses today, for the portal as well")
    if connection.client_id and connection.client_secret:
        return Step(title=title, state=DONE, reason=connection.client_id)
    words = _(
        "In Zoho's API console open 3CX's client and add this address as a further line of "
        "“Authorized Redirect URIs”. Then paste its Client ID and Client Secret here."
    )
    return Step(
        title=title,
        state=TODO,
        reason=words,
        copies=settings.PUBLIC_URL + REDIRECT_PATH,
        url="#zoho",
        action=_("Paste them"),
    )


def check_texts(connection: Connection) -> Step:
    """Who never changed them in 3CX has nothing to do."""
    title = _("The texts of 3CX's form, field by field")
    journal = read_journal(connection)
    known = TEXTS[connection.language]
    own = [name for name, text in known.items() if getattr(journal, name).strip() != text]
    if own:
        words = _("Changed: %s.") % ", ".join(name_field(journal, name) for name in own)
        return Step(title=title, state=DONE, reason=words)
    words = _(
        "The texts that 3CX ships stand here. If yours differ, copy them from the CRM page of 3CX: "
        "labels and variables are the same."
    )
    return Step(title=title, state=UNSEEN, reason=words, url="#calls", action=_("Paste the texts"))


def read_journal(connection: Connection) -> JournalSettings:
    """As stored; the usual ones where nothing is stored yet."""
    stored: JournalSettings | None = getattr(connection, "journal", None)
    return stored or JournalSettings(**TEXTS[connection.language])


def name_field(journal: JournalSettings, name: str) -> str:
    return str(getattr(journal._meta.get_field(name), "verbose_name", name))


def check_begin(connection: Connection) -> Step:
    title = _("From when on the portal writes calls")
    begins_at = read_journal(connection).journal_from
    if begins_at:
        moment = show_moment(begins_at, zone=connection.time_zone)
        return Step(title=title, state=DONE, reason=moment)
    words = _(
        "No call that began before it is ever sent, so nothing stands in Zoho twice. Another "
        "moment may be chosen under “Call journaling”."
    )
    url = reverse("admin:connector_connection_begin_now", args=[connection.pk])
    return Step(title=title, state=TODO, reason=words, url=url, action=_("From now on"), posts=True)


def check_tried(connection: Connection) -> Step | None:
    """Before 3CX is changed; afterwards real calls show it."""
    if connection.template_version is not None or find_grant(connection) is None:
        return None
    words = _("Numbers of real customers: who is found and why, which owner, which texts.")
    url = reverse("admin:connector_connection_try", args=[connection.pk])
    return Step(
        title=_("Look before you leap"), state=UNSEEN, reason=words, url=url,
        action=_("Try without writing"),
    )  # fmt: skip


def check_test_call(connection: Connection) -> Step | None:
    title = _("Test call written to Zoho and deleted again")
    if find_grant(connection) is None:
        return None
    trial = TrialCall.objects.filter(connection=connection).order_by("-began_at").first()
    if trial and trial.is_good:
        return Step(title=title, state=DONE)
    url = reverse("admin:connector_connection_test_call", args=[connection.pk])
    words = describe_trial(trial).sentence if trial else ""
    state = WRONG if trial and trial.is_good is False else TODO
    return Step(
        title=title, state=state, reason=words, url=url, action=_("Send a test call"), posts=True
    )
