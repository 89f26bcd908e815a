"""Step 3b: correct what stands in Zoho when a part of a call came late.

Type, owner and start of a completed call are fixed there, so only texts are changed. Every step may
be repeated: a text is compared before it is written, and deleting twice does no harm. So work whose
outcome is unknown is simply done again.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from connector.models import Connection
from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import (
    Rejected,
    Temporary,
    UnknownOutcome,
    ZohoError,
    may_be_the_records,
)
from connector.zoho.links import record_url
from connector.zoho.records import Verdict
from journaling import entries
from journaling.attempts import AttemptBook
from journaling.compose import Composer
from journaling.correcting.late import complete_later
from journaling.correcting.merging import find_changes, join_lines, list_lines
from journaling.correcting.untouched import (
    AUTHOR,
    MOMENTS,
    choose_moment,
    is_lost_write,
    is_untouched,
    keep_as_ours,
)
from journaling.creating.created import is_being_created
from journaling.creating.orphans import find_orphans, may_delete
from journaling.followers import MODULES as FOLLOWER_MODULES
from journaling.followers import make_followers
from journaling.joining import take_over
from journaling.models import Entry
from journaling.settle import lock_settling, make_settling_lane
from journaling.texts.phrases import say
from journaling.trace import note
from journaling.verdicts import park, park_failed

COMPLETED = "Completed"
FINISHED = (Entry.State.DELIVERED, Entry.State.LEFT_OUT)


class Corrector:
    """One claimed batch of corrections."""

    def __init__(
        self, client: ZohoClient, *, connection: Connection, token: uuid.UUID, book: AttemptBook
    ) -> None:
        self.client = client
        self.connection = connection
        self.organisation = connection.grant.organisation
        self.composer = Composer(client, connection=connection, organisation=self.organisation)
        self.token = token
        self.book = book

    def correct(self, batch: Sequence[Entry]) -> None:
        """One by one. Raises the connection's own errors; what is left is put back."""
        ways = {
            Entry.Kind.COMPLETION: self.complete,
            Entry.Kind.CLOSING: self.close,
            Entry.Kind.REMOVAL: self.remove,
            Entry.Kind.ACCOUNT: self.remove_account,
        }
        for entry in batch:
            if not entries.renew(self.token, [entry]):
                return
            try:
                ways[Entry.Kind(entry.kind)](entry)
            except Rejected as error:
                self.book.write([entry], outcome="refused", code=error.code)
                park(self.token, entry, error)
            except (Temporary, UnknownOutcome) as error:
                if may_be_the_records(error):
                    entries.put_off(self.token, entry, words=error.words)
                raise
            except (ZohoError, OperationalError, InterfaceError):
                raise
            except Exception as error:
                park_failed(self.token, entry, error)

    def complete(self, entry: Entry) -> None:
        """Add to the text what came later. What a person wrote into it stays."""
        target = load_target(entry)
        if target.events.filter(body_deleted_at__isnull=False).exists():
            self.leave_out(entry, reason="texts_deleted")
            return
        current = self.read(target, "Description", AUTHOR, *MOMENTS)
        if current is None:
            self.leave_out(entry, reason="gone_in_zoho")
            return
        rendered = self.composer.retell(target)
        text = join_lines(str(rendered.record.get("Description") or ""), list_lines(target))
        if is_lost_write(target, current, text=text, user=self.connection.grant.user_zoho_id):
            keep_as_ours(target, current)
        sent = target.record or {}
        changes = find_changes(sent, text=text, rendered=rendered.record, current=current)
        verdict = self.write(target, changes)
        if not self.accept(entry, verdict):
            return
        has_followers = target.followers.filter(kind__in=FOLLOWER_MODULES).exists()
        overflow = () if has_followers else rendered.overflow
        with transaction.atomic():
            entries.note_rewritten(
                target,
                record={**sent, **changes},
                modified_at=choose_moment(target, current, written_at=verdict.modified_at),
            )
            make_followers(target, overflow)
            entries.mark_delivered(self.token, [entry])

    def leave_out(self, entry: Entry, *, reason: str) -> None:
        note(entry, "left_out", reason=reason)
        entries.leave_out_claimed(self.token, entry, reason=reason)

    def close(self, entry: Entry) -> None:
        """Complete the task of a caller who was reached, unless somebody has done so."""
        task = load_target(entry)
        current = self.read(task, "Status", "Description")
        if current is None:
            self.leave_out(entry, reason="gone_in_zoho")
            return
        agent = (entry.record or {}).get("agent", "")
        line = say("reached", language=self.connection.language, agent=agent) if agent else ""
        text = "\n".join(filter(None, (str(current.get("Description") or ""), line)))
        done = current.get("Status") == COMPLETED
        changes = {} if done else {"Status": COMPLETED, "Description": text}
        verdict = self.write(task, changes)
        if not self.accept(entry, verdict):
            return
        with transaction.atomic():
            note(task, "reached")
            entries.note_rewritten(
                task, record={**(task.record or {}), **changes}, modified_at=verdict.modified_at
            )
            entries.mark_delivered(self.token, [entry])

    def remove(self, entry: Entry) -> None:
        """Delete our former record unless somebody changed it; then the new one names it."""
        fresh, facts = load_target(entry), entry.record or {}
        former, is_anew = Entry.objects.filter(pk=facts["entry"]).first(), "anew" in facts
        if former is None:  # it became a part of another call
            entries.mark_delivered(self.token, [entry])
            return
        if not fresh.zoho_id:  # it stays out of Zoho
            with transaction.atomic():
                if is_anew:
                    entries.give_back(fresh, former=former)
                self.leave_out(entry, reason="parent_missing")
            return
        if former.state not in FINISHED:  # asked for, or to be decided about: may be sent again
            self.wait_for(entry, former)
            return
        current = self.read(former, *MOMENTS)
        if current is not None and not is_untouched(former, current):
            self.keep(entry, fresh=fresh, former=former, is_anew=is_anew)
            return
        if current is not None and not self.accept(entry, self.delete(former)):
            return
        reason = "written_anew" if is_anew else "replaced_by_answered"
        make_settling_lane(self.connection)
        with transaction.atomic():
            lock_settling(self.connection)
            if not entries.supersede(former, by=fresh, reason=reason):
                self.wait_for(entry, former)
                return
            take_over(former, into=fresh)
            entries.mark_delivered(self.token, [entry])

    def wait_for(self, entry: Entry, former: Entry) -> None:
        former.refresh_from_db()
        entries.try_later(self.token, entry, reason=former.reason, words=former.words)

    def keep(self, entry: Entry, *, fresh: Entry, former: Entry, is_anew: bool) -> None:
        word = "former_stays" if is_anew else "missed_stays"
        url = record_url(
            crm_url=self.connection.crm_url,
            zgid=self.organisation.zgid,
            environment=self.organisation.environment,
            module=former.module,
            zoho_id=former.zoho_id,
        )
        note(entry, word, zoho_id=former.zoho_id)
        with transaction.atomic():
            line = say(word, language=self.connection.language, url=url)
            complete_later(fresh, lines=(line,))
            entries.mark_delivered(self.token, [entry])

    def remove_account(self, entry: Entry) -> None:
        """Delete an account of ours that no contact came for."""
        if is_being_created(self.connection, number_key=entry.number_key):
            entries.try_later(self.token, entry, reason="being_created", words="")
            return
        author = self.connection.grant.user_zoho_id
        found = find_orphans(self.client, entry, author=author)
        for account in found:
            if not may_delete(self.client, entry, account, connection=self.connection):
                self.leave_out(entry, reason="account_kept")
                return
            verdict = records.delete(self.client, module="Accounts", zoho_ids=[account["id"]])[0]
            if not self.accept(entry, verdict):
                return
        self.leave_out(entry, reason="no_account")

    def read(self, target: Entry, *fields: str) -> dict[str, Any] | None:
        return records.read_record(
            self.client, module=target.module, zoho_id=target.zoho_id, fields=fields
        )

    def write(self, target: Entry, changes: dict[str, Any]) -> Verdict:
        if not changes:
            return Verdict(outcome="delivered")
        record = {"id": target.zoho_id, **changes}
        return records.update(self.client, module=target.module, records=[record], trigger=[])[0]

    def delete(self, target: Entry) -> Verdict:
        return records.delete(self.client, module=target.module, zoho_ids=[target.zoho_id])[0]

    def accept(self, entry: Entry, verdict: Verdict) -> bool:
        """True when Zoho did it; else the entry is tried later or parked."""
        self.book.write([entry], outcome="answered", verdicts=[verdict])
        if verdict.outcome == "delivered":
            return True
        if verdict.outcome == "temporary":
            note(entry, "later", words=verdict.words)
            entries.try_later(self.token, entry, reason=verdict.code, words=verdict.words)
        else:
            park(self.token, entry, verdict)
        return False


def load_target(entry: Entry) -> Entry:
    """The record to change, as of now: an earlier correction of the batch may have changed it."""
    return Entry.objects.get(followers=entry.pk)
