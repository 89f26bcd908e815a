"""Pages for people: what was delivered, and the card of a record as the CRM would show it."""

import re
from collections.abc import Iterator

from .exchange import Answer, Request, answer_html
from .organisation import HIDDEN, Organisation
from .paper import Html, fill, join, make_page
from .reading import show_record
from .schema import MODULES, select_typed
from .shelf import Record
from .store import Store

ORG_CARD = re.compile(r"/crm/org(?P<zgid>\d+)/tab/(?P<module>\w+)/(?P<id>\d+)")
ACTIVITIES = ("Calls", "Tasks", "Notes")
LATEST = 50
HEADINGS = {"Calls": "Call_Start_Time", "Tasks": "Due_Date", "Notes": "Created_Time"}


def show_received(store: Store, request: Request) -> Answer:
    """GET /sandbox/: the latest calls, tasks and notes of an organisation (`?organisation=`)."""
    chosen = store.organisations.get(request.query.get("organisation", ""))
    organisation = chosen or next(iter(store))
    sections = [show_section(organisation, module) for module in ACTIVITIES]
    content = fill(
        "received",
        name=organisation.specification.name,
        zgid=organisation.zgid,
        organisations=show_organisations(store, chosen=organisation),
        counts=show_counts(organisation),
        sections=join(sections),
    )
    return answer_html(make_page(f"{organisation.specification.name}: received", content))


def show_organisations(store: Store, *, chosen: Organisation) -> Html:
    others = [organisation for organisation in store if organisation is not chosen]
    return join([fill("other", zgid=o.zgid, name=o.specification.name) for o in others])


def show_counts(organisation: Organisation) -> Html:
    shown = [m for m in MODULES if m not in ACTIVITIES and len(organisation.shelves[m])]
    facts = [(len(organisation.shelves[module]), module) for module in (*ACTIVITIES, *shown)]
    facts.append((organisation.workflows.total(), "workflows run"))
    return join([fill("count", number=number, name=name) for number, name in facts])


def show_section(organisation: Organisation, module: str) -> Html:
    records = list(organisation.shelves[module])[::-1]
    cards = [show_activity(organisation, module, record) for record in records[:LATEST]]
    empty = fill("empty", text=f"No {module.lower()} have arrived yet.")
    older = f"the latest {LATEST} of {len(records)}" if len(records) > LATEST else len(records)
    return fill("section", title=module, count=older, cards=join(cards) or empty)


def show_activity(organisation: Organisation, module: str, record: Record) -> Html:
    """One call, task or note with the person on whom it stands."""
    shown = show_record(organisation, module=module, record=record)
    kind = shown.get("Call_Type") or shown.get("Status") or ""
    ran = record.get(f"{HIDDEN}workflows", 0)
    return fill(
        "activity",
        title=shown.get("Subject") or shown.get("Note_Title") or "Note",
        url=link_card(organisation, module, record["id"]),
        kind=kind,
        kind_class=kind.lower().replace(" ", "-"),
        at=(shown.get(HEADINGS[module]) or "").replace("T", " "),
        duration=shown.get("Call_Duration") or "",
        text=shown.get("Description") or shown.get("Note_Content") or "",
        owner=shown["Owner"]["name"],
        people=show_links(organisation, list_parents(module, record)),
        workflows="workflows ran" if ran else "no workflows",
    )


def list_parents(module: str, record: Record) -> Iterator[tuple[str, str]]:
    """The records, as (module, id), on which a call, task or note stands."""
    if record.get("Who_Id"):
        yield "Contacts", record["Who_Id"]["id"]
    if record.get("What_Id"):
        yield record["$se_module"], record["What_Id"]["id"]
    if record.get("Parent_Id"):
        yield record["Parent_Id"]["module"]["api_name"], record["Parent_Id"]["id"]


def show_links(organisation: Organisation, links: Iterator[tuple[str, str]]) -> Html:
    shown = []
    for module, record_id in links:
        name = organisation.name_of(module=module, record_id=record_id) or record_id
        url = link_card(organisation, module, record_id)
        shown.append(fill("link", url=url, name=name, module=module.removesuffix("s")))
    return join(shown) or fill("nobody")


def link_card(organisation: Organisation, module: str, record_id: str) -> str:
    return f"/crm/org{organisation.zgid}/tab/{module}/{record_id}"


def show_card(store: Store, request: Request) -> Answer | None:
    """The two addresses that open a record in Zoho; None for any other address."""
    if request.path == "/crm/EntityInfo.do":
        module, record_id = request.query.get("module", ""), request.query.get("id", "")
        found = find_card(store, module=module, record_id=record_id)
    elif address := ORG_CARD.fullmatch(request.path):
        module, record_id = address["module"], address["id"]
        found = find_card(store, module=module, record_id=record_id, zgid=address["zgid"])
    else:
        return None
    if found is None:
        content = fill(
            "message", heading="No such record", text="It was deleted, or never existed."
        )
        return answer_html(make_page("No such record", content, wide=False), status=404)
    return answer_html(draw_card(*found, module=module))


def find_card(
    store: Store, *, module: str, record_id: str, zgid: str | None = None
) -> tuple[Organisation, Record] | None:
    for organisation in store:
        shelf = organisation.shelves.get(module)
        record = shelf.get(record_id) if shelf and zgid in (None, organisation.zgid) else None
        if record:
            return organisation, record
    return None


def draw_card(organisation: Organisation, record: Record, *, module: str) -> str:
    shown = show_record(organisation, module=module, record=record)
    phones = set(select_typed(organisation.shelves[module].fields, "phone"))
    rows = [
        fill("row", name=name.replace("_", " "), value=show_plain(value))
        for name, value in shown.items()
        if value not in (None, "", [], {}, False) and name not in phones and name != "id"
    ]
    numbers = [
        fill("phone", name=name.replace("_", " "), value=shown[name])
        for name in shown
        if name in phones and shown[name]
    ]
    name = organisation.name_of(module=module, record_id=record["id"]) or record["id"]
    content = fill(
        "card",
        name=name,
        module=module.removesuffix("s"),
        organisation=organisation.specification.name,
        parents=show_links(organisation, list_parents(module, record))
        if module in ACTIVITIES
        else "",
        phones=join(numbers),
        rows=join(rows),
        related=show_related(organisation, module=module, record_id=record["id"]),
    )
    return make_page(name, content)


def show_related(organisation: Organisation, *, module: str, record_id: str) -> Html:
    """Calls, tasks and notes on this record, the newest first."""
    sections = []
    for activity in ACTIVITIES:
        cards = [
            show_activity(organisation, activity, record)
            for record in list(organisation.shelves[activity])[::-1]
            if (module, record_id) in list_parents(activity, record)
        ]
        if cards:
            sections.append(fill("section", title=activity, count=len(cards), cards=join(cards)))
    return join(sections) or fill("empty", text="No calls, tasks or notes stand on this record.")


def show_plain(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("name") or value.get("id") or value)
    return str(value)
