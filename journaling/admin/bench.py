"""“Try without writing”: a page beside the connection's, with its settings saved or not."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from connector.access.asking import find_changeable
from connector.access.roles import READ_TEXTS
from connector.access.scope import covers
from connector.admin.buttons import render_page
from connector.models import UnreadableSecret
from connector.zoho.errors import ZohoError
from journaling.admin.bench_form import BenchForm
from journaling.admin.entry_page import label_fields, name_kind, name_refused
from journaling.admin.typed import Typed, read_saved, read_typed
from journaling.models import Event
from journaling.telling.story import tell
from journaling.trying.expectations import explain
from journaling.trying.sample_call import find_sample_end, write_report
from journaling.trying.whatif import Difference, Trial, compare_last_calls, flatten

NEVER_CARRIED = {"csrfmiddlewaretoken", "client_secret"}


def try_out(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Asked with nothing, with a call to try, or with the whole form of the connection's page."""
    connection = find_changeable(request, pk=pk)
    saved = read_saved(connection)
    changed, wrong = read_typed(request, connection, model_admin=model_admin)
    form = BenchForm(request.POST if "try" in request.POST else None)
    context: dict[str, Any] = {}
    try:
        if "last" in request.POST and not wrong:
            if not covers(request.user, READ_TEXTS, connection):
                raise PermissionDenied
            benches = saved.open_bench(), (changed or saved).open_bench()
            found = compare_last_calls(*benches)
            rows = [describe_difference(one) for one in found.different]
            context = {"found": found, "differences": rows}
        elif form.is_bound and form.is_valid() and not wrong:
            context = try_one(saved, changed or saved, form=form)
    except (ZohoError, UnreadableSecret) as error:
        messages.error(request, _("Zoho was asked and did not help: %s") % error)
    return render_page(
        request,
        "admin/journaling/bench.html",
        model_admin=model_admin,
        title=_("Try without writing: %s") % connection.name,
        connection=connection,
        form=form,
        may_read=covers(request.user, READ_TEXTS, connection),
        wrong=wrong,
        is_changed=changed is not None,
        asks_zoho=bool(changed and changed.asks_zoho),
        carried=list_carried(request) if changed else [],
        **context,
    )


def list_carried(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if name not in NEVER_CARRIED and not name.startswith(("try", "last", "_"))
        for value in values
    ]


def try_one(saved: Typed, wanted: Typed, *, form: BenchForm) -> dict[str, Any]:
    wish = read_wish(form, wanted=wanted)
    bench = wanted.open_bench()
    trial = bench.try_report(**wish)
    before = trial if wanted is saved else saved.open_bench().try_report(**wish)
    module, zoho_id = form.cleaned_data["expected"]
    expected = ""
    if zoho_id:
        expected = explain(
            bench.composer.client,
            connection=bench.connection,
            number=trial.entry.number,
            module=module,
            zoho_id=zoho_id,
            taken=trial.entry,
        )
    return describe_trial(trial, before=before) | {"expected": expected}


def read_wish(form: BenchForm, *, wanted: Typed) -> dict[str, Any]:
    """What Bench.try_report takes. A typed call is one that will be journaled, a pasted one is
    judged as it is."""
    wish = form.cleaned_data
    chosen = wish["kind"]
    kind = Event.Kind.CHAT if chosen == Event.Kind.CHAT else Event.Kind.CALL
    if wish["report"]:
        return {"kind": kind, "body": wish["report"].encode()}
    emails = {agent.extension: agent.email for agent in wanted.tables.agents if agent.extension}
    ended_at = find_sample_end(wanted.connection.journal)
    body = write_report(
        kind=chosen,
        number=wish["number"],
        extension=wish["extension"],
        email=emails.get(wish["extension"], ""),
        queue=wish["queue"],
        ended_at=ended_at,
    )
    return {"kind": kind, "body": body, "received_at": ended_at}


def describe_trial(trial: Trial, *, before: Trial) -> dict[str, Any]:
    old, reference_field = flatten(before.record), trial.entry.connection.reference_field
    rows = label_fields(trial.entry, trial.record)
    for row in rows:
        name = row["name"]
        if name != reference_field:
            row["was"] = old.get(name, "–") if flatten(trial.record)[name] != old.get(name) else ""
    return {
        "trial": trial,
        "what": name_kind(trial.entry),
        "story": tell(trial.entry),
        "fields": rows,
        "payload": write_payload(trial),
        "task_fields": label_fields(trial.task.entry, trial.task.record) if trial.task else [],
        "task_payload": write_payload(trial.task) if trial.task else "",
    }


def write_payload(trial: Trial) -> str:
    if not trial.request:
        return ""
    request = json.dumps(trial.request, indent=2, ensure_ascii=False)
    return f"POST /crm/v8/{trial.entry.module}\n{request}"


def describe_difference(found: Difference) -> dict[str, Any]:
    before, after = found.before.task, found.after.task
    tasks = list_changes(before, after, found.task_fields) if before and after else []
    return {
        "entry": found.entry,
        "what": name_kind(found.entry),
        "fields": list_changes(found.before, found.after, found.fields),
        "task_fields": tasks,
        "task_goes": bool(before and not after),
        "task_comes": bool(after and not before),
        "is_written": bool(found.after.request),
        "is_new": bool(found.after.request) and not found.before.request,
    }


def list_changes(before: Trial, after: Trial, names: list[str]) -> list[dict[str, str]]:
    old, new = flatten(before.record), flatten(after.record)
    return [
        {
            "name": name_refused(after.entry, field=name),
            "old": old.get(name, "–"),
            "new": new.get(name, "–"),
        }
        for name in names
    ]
