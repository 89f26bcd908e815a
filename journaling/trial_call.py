"""“Send a test call”: composed like any other, written to Zoho and deleted again."""

from dataclasses import dataclass

import phonenumbers
from django.utils.translation import gettext as _

from connector.models import Connection
from connector.threecx.reports import CallType
from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.records import Verdict
from journaling.models import Event, JournalSettings
from journaling.story import tell
from journaling.whatif import Bench, Trial, write_report


@dataclass(frozen=True, kw_only=True)
class Outcome:
    is_good: bool
    sentence: str


def send_test_call(connection: Connection) -> Outcome:
    """An answered call from a number that nobody has; automations stay off and nobody is
    created. Raises ZohoError."""
    bench = Bench(make_harmless(connection))
    agent = connection.agents.exclude(extension="").first()
    body = write_report(
        kind=CallType.INBOUND,
        number=find_sample_number(connection.country),
        extension=agent.extension if agent else "101",
        email=agent.email if agent else "",
    )
    trial = bench.try_report(body, kind=Event.Kind.CALL)
    if not trial.request:
        return Outcome(is_good=False, sentence=" ".join(line.text for line in tell(trial.entry)))
    return write_and_delete(bench.composer.client, trial)


def make_harmless(connection: Connection) -> Connection:
    """The same settings, not stored, without what a test must not do."""
    harmless = Connection.objects.select_related("journal").get(pk=connection.pk)
    journal = harmless.journal
    journal.unknown_numbers = JournalSettings.UnknownNumbers.JOURNAL
    journal.automations_calls = JournalSettings.Automations.NEVER
    return harmless


def find_sample_number(country: str) -> str:
    number = phonenumbers.example_number(country)
    if number is None:
        return "+12015550123"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def write_and_delete(client: ZohoClient, trial: Trial) -> Outcome:
    module = trial.entry.module
    record = {**trial.record, "Subject": _("Test call of the portal, deleted at once")}
    [written] = records.insert(client, module=module, records=[record], trigger=[])
    if written.outcome != "delivered":
        return explain_refusal(written)
    [deleted] = records.delete(client, module=module, zoho_ids=[written.zoho_id])
    if deleted.outcome != "delivered":
        words = _("Written as record %(id)s, but not deleted again: %(words)s Delete it in Zoho.")
        return Outcome(
            is_good=False, sentence=words % {"id": written.zoho_id, "words": deleted.words}
        )
    words = _("Written to Zoho as record %s, and deleted again. Calls will arrive.")
    return Outcome(is_good=True, sentence=words % written.zoho_id)


def explain_refusal(verdict: Verdict) -> Outcome:
    words = _("Zoho did not take it: %(words)s")
    if verdict.field:
        words = _("Zoho did not take it: %(words)s (field %(field)s)")
    return Outcome(is_good=False, sentence=words % {"words": verdict.words, "field": verdict.field})
