"""“Send a test call”: through the PBX's door, settled, composed and delivered like any other.

It has no card and no follow-ups, and automations stay off. Once it stands in Zoho, it is deleted
there and here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
import requests
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from connector.auth import lend_key, take_key_back
from connector.granting.grants import open_client
from connector.models import Connection
from connector.threecx.reports import CallType
from connector.wording import Wording, Words, pack, unpack
from connector.wording import Wording as _
from connector.zoho import records
from connector.zoho.errors import ZohoError
from journaling.models import Attempt, Entry, Event, TrialCall
from journaling.telling.reasons import describe_reason
from journaling.trying.sample_call import write_report

SECONDS = 8
LATE_AFTER = timedelta(minutes=10)
OVER = (Entry.State.PARKED, Entry.State.LEFT_OUT)

WORDS: Mapping[str, Wording] = {
    "": _("The test call is on its way."),
    "deleted": _("Written to Zoho as record %(zoho_id)s, and deleted again. Calls will arrive."),
    "not_deleted": _(
        "Written as record %(zoho_id)s, but not deleted again: %(words)s Delete it in Zoho."
    ),
    "door": _("The portal's own door did not take the test call: %(words)s Check PUBLIC_URL."),
    "parked": _("Zoho did not take it: %(words)s"),
    "left_out": _("It was not written to Zoho: %(reason)s"),
    "late": _("Not in Zoho after ten minutes. Look at the page Queues."),
    "stands_still": _("The connection stands still, so the test call waits with all the others."),
    "running": _("A test call is on its way already. Look again in a minute."),
}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    is_good: bool | None
    sentence: str


def describe_trial(trial: TrialCall) -> Outcome:
    facts = unpack(trial.facts)
    reason = describe_reason(facts.get("reason", ""))
    facts |= {"reason": reason, "words": facts.get("words") or reason}
    return Outcome(is_good=trial.is_good, sentence=str(WORDS[trial.code]) % facts)


def begin_trial(connection: Connection, *, is_canary: bool = False) -> TrialCall | None:
    """Post the call; None while another one is on its way. Speaks HTTP."""
    try:
        with transaction.atomic():
            trial = TrialCall.objects.create(
                connection=connection, is_canary=is_canary, began_at=timezone.now()
            )
    except IntegrityError:
        return None
    key = lend_key(connection)
    try:
        trial.event_id = knock(connection, key=key.text)
        trial.save(update_fields=["event_id"])
    except (requests.RequestException, ValueError, KeyError) as error:
        end(trial, code="door", words=name_door_trouble(error))
    finally:
        take_key_back(key)
    return trial


def knock(connection: Connection, *, key: str) -> str:
    """The id that the door answers with: at the PBX's own address, else on this machine."""
    agent = connection.agents.exclude(extension="").first()
    body = write_report(
        kind=CallType.INBOUND,
        number=find_sample_number(connection.country),
        extension=agent.extension if agent else "101",
        email=agent.email if agent else "",
    )
    path = f"/pbx/{connection.slug}/calls"
    headers = {
        "X-Api-Key": key,
        "X-Template-Version": Event.TRIAL_VERSION,
        "Content-Type": "application/json",
    }
    try:
        answer = post(settings.PUBLIC_URL + path, body, headers)
    except (requests.ConnectionError, requests.Timeout):
        # Some networks do not let a machine reach itself by its public name.
        public = urlsplit(settings.PUBLIC_URL)
        own = {"Host": public.netloc, "X-Forwarded-Proto": public.scheme}
        answer = post(f"http://127.0.0.1:{settings.PORT}{path}", body, headers | own)
    answer.raise_for_status()
    return str(answer.json()["id"])


def post(url: str, body: bytes, headers: Mapping[str, str]) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.post(url, data=body, headers=headers, timeout=SECONDS, allow_redirects=False)


def name_door_trouble(error: Exception) -> Wording:
    """Of `knock`, told to whoever set the portal up."""
    url = settings.PUBLIC_URL
    if isinstance(error, requests.HTTPError):
        return _("%(url)s answers %(status)s.", url=url, status=error.response.status_code)
    if isinstance(error, requests.exceptions.SSLError):
        return _("The certificate of %(url)s is not trusted by this machine.", url=url)
    if isinstance(error, requests.ConnectionError | requests.Timeout):
        return _("Nothing answers at %(url)s.", url=url)
    return _("What answers at %(url)s is not this portal.", url=url)


def find_sample_number(country: str) -> str:
    number = phonenumbers.example_number(country)
    if number is None:
        return "+12015550123"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def look_after(trial: TrialCall) -> None:
    """End the trial if it can be ended: delete what it wrote and what is stored of it."""
    entry = Entry.objects.filter(events=trial.event_id).select_related("connection").first()
    if entry and entry.state == Entry.State.DELIVERED:
        finish(trial, entry)
    elif entry and entry.state in OVER:
        end(trial, code=str(entry.state), words=entry.words, reason=entry.reason)
        forget(entry)
    elif trial.began_at < timezone.now() - LATE_AFTER:
        TrialCall.objects.filter(pk=trial.pk, ended_at=None).update(code="late", is_good=False)


def finish(trial: TrialCall, entry: Entry) -> None:
    """Also after it was late: nothing of a test stays in Zoho."""
    try:
        words = delete_in_zoho(entry)
    except ZohoError as error:
        words = error.words
    if words:
        end(trial, code="not_deleted", zoho_id=entry.zoho_id, words=words)
    else:
        end(trial, code="deleted", is_good=True, zoho_id=entry.zoho_id)
    forget(entry)


def delete_in_zoho(entry: Entry) -> Words:
    """Zoho's words when it did not."""
    client = open_client(entry.connection)
    [verdict] = records.delete(client, module=entry.module, zoho_ids=[entry.zoho_id])
    return "" if verdict.outcome == "delivered" else verdict.words


def end(trial: TrialCall, *, code: str, is_good: bool = False, **facts: Any) -> None:
    trial.code, trial.is_good, trial.facts = code, is_good, pack(facts)
    trial.ended_at = timezone.now()
    trial.save(update_fields=["code", "is_good", "facts", "ended_at"])


def forget(entry: Entry) -> None:
    with transaction.atomic():
        Attempt.objects.filter(entries=entry).delete()
        Event.objects.filter(entry=entry).delete()
        entry.delete()
