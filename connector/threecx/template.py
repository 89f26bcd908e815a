"""The CRM template that a customer's 3CX runs, generated for one connection.

The PBX only asks and reports: texts, matching and rules stay in the portal, so that changing them
needs neither an upload nor a restart of the PBX.
"""

from dataclasses import dataclass
from xml.etree.ElementTree import Comment, Element, SubElement, indent, tostring

from connector.threecx.scenarios import (
    add_header,
    add_lookup,
    add_query,
    add_report,
    list_call_values,
    list_chat_values,
)

# Grows with every change of what is generated. A PBX says in each request which one it runs;
# released ones stay under tests/ and are accepted for ever.
VERSION = 3

# Under this name a PBX files the template: another name would leave the old one beside it, and
# the name of one that 3CX ships itself ("Zoho") would hide one of the two.
NAME = "Patchbay for Zoho CRM"

GENERAL = "General Configuration"
CREATION = "Allow contact creation directly to your CRM using 3CX Web Client"
NOTICE = " Made by Patchbay. Texts and rules are set in the portal; nothing needs editing here. "
# What a call flow of the PBX may ask, in 3CX's words: name, our door, and what is sent there.
CALL_FLOW_QUERIES = (
    ("LookupNumber", "lookup", "number", "[Number]"),
    ("LookupID", "search", "id", "[SearchText]"),
    ("LookupFreeQuery", "search", "text", "[SearchText]"),
)
PARAMETER_ATTRIBUTES = (
    "Name",
    "Type",
    "Parent",
    "Editor",
    "Title",
    "Validation",
    "Default",
    "ListValues",
    "RequestUrl",
    "RequestUrlParameters",
    "ResponseScenario",
)


@dataclass(frozen=True, kw_only=True)
class TemplateFacts:
    """What differs between connections.

    `portal_url` is the portal's public address without a path. The two journaling switches are
    only what the PBX's form begins with. What one of the last five switches off is not in the
    template at all, so it never leaves the PBX.
    """

    portal_url: str
    slug: str
    connection_name: str
    call_journaling: bool = True
    chat_journaling: bool = True
    transcript: bool = True
    summary: bool = True
    sentiment: bool = False
    recording_link: bool = True
    chat_text: bool = True


def build_template(facts: TemplateFacts) -> str:
    """The template's XML for one connection, to be written as UTF-8."""
    crm = Element("Crm", Name=NAME, Version=str(VERSION), Country="Global", SupportsEmojis="true")
    if facts.transcript or facts.summary or facts.sentiment:
        crm.set("SupportsTranscription", "true")
    crm.append(Comment(NOTICE))
    # Numbers travel exactly as the trunk gives them: the portal normalises, and can then see a
    # PBX that cuts them.
    SubElement(crm, "Number", Prefix="AsIs", MaxLength="")
    SubElement(crm, "Connection", MaxConcurrentRequests="4")
    _add_parameters(crm, facts)
    SubElement(crm, "Authentication", Type="No")
    _add_scenarios(crm, facts)
    for headers in crm.iter("Headers"):
        add_header(headers, "X-Template-Content", describe_content(facts))
    indent(crm)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(crm, encoding="unicode")}\n'


def describe_content(facts: TemplateFacts) -> str:
    """One digit for each switch that decides what is in the template, like "11011".

    The version does not grow with them; by this the portal sees that a PBX runs another content.
    """
    switches = (
        facts.transcript,
        facts.summary,
        facts.sentiment,
        facts.recording_link,
        facts.chat_text,
    )
    return "".join(str(int(switch)) for switch in switches)


def _add_parameters(crm: Element, facts: TemplateFacts) -> None:
    parameters = SubElement(crm, "Parameters")
    _add_parameter(
        parameters,
        Name="PortalUrl",
        Type="String",
        Parent=GENERAL,
        Title=f"Portal address of {_make_caption(facts.connection_name)}:",
        Default=_escape_brackets(f"{facts.portal_url.rstrip('/')}/pbx/{facts.slug}"),
    )
    _add_parameter(parameters, Name="PortalKey", Type="Password", Parent=GENERAL, Title="API key:")
    # A Boolean stands without a Parent; it would be the Parent of fields that depend on it.
    _add_switch(parameters, "ReportCallEnabled", "Enable Call Journaling", facts.call_journaling)
    _add_switch(parameters, "ReportChatEnabled", "Enable Chat Journaling", facts.chat_journaling)
    _add_switch(parameters, "ContactCreationEnabled", CREATION, True)


def _add_switch(parameters: Element, name: str, title: str, default: bool) -> None:
    _add_parameter(parameters, Name=name, Type="Boolean", Title=title, Default=str(default))


def _add_parameter(parameters: Element, **attributes: str) -> None:
    every = dict.fromkeys(PARAMETER_ATTRIBUTES, "") | {"Editor": "String"} | attributes
    SubElement(parameters, "Parameter", every)


def _add_scenarios(crm: Element, facts: TemplateFacts) -> None:
    scenarios = SubElement(crm, "Scenarios")
    add_lookup(
        scenarios,
        scenario_id="",
        route="lookup",
        version=VERSION,
        values=[("number", "[Number]"), ("direction", "[CallDirection]")],
    )
    _add_searches(scenarios)
    add_report(
        scenarios,
        scenario_id="ReportCall",
        route="calls",
        version=VERSION,
        switch="ReportCallEnabled",
        values=list_call_values(
            recording_link=facts.recording_link,
            transcript=facts.transcript,
            summary=facts.summary,
            sentiment=facts.sentiment,
        ),
    )
    add_report(
        scenarios,
        scenario_id="ReportChat",
        route="chats",
        version=VERSION,
        switch="ReportChatEnabled",
        values=list_chat_values(chat_text=facts.chat_text),
    )


def _add_searches(scenarios: Element) -> None:
    add_lookup(
        scenarios,
        scenario_id="LookupByEmail",
        route="lookup-by-email",
        version=VERSION,
        values=[("email", "[Email]")],
    )
    add_lookup(
        scenarios,
        scenario_id="SearchContacts",
        route="search",
        version=VERSION,
        values=[("text", "[SearchText]")],
    )
    add_lookup(
        scenarios,
        scenario_id="CreateContactRecordFromClient",
        route="contacts",
        version=VERSION,
        switch="ContactCreationEnabled",
        values=[
            ("number", "[Number]"),
            ("first", "[FirstName]"),
            ("last", "[LastName]"),
            ("company", "[Company]"),
            ("email", "[Email]"),
        ],
    )
    for name, route, key, expression in CALL_FLOW_QUERIES:
        add_query(
            scenarios,
            scenario_id=f"LookupFromCFD_Contacts_{name}",
            route=route,
            version=VERSION,
            values=[(key, expression)],
        )


def _make_caption(name: str) -> str:
    """The connection's name as one line of printable signs without the engine's brackets."""
    printable = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(printable.translate({ord("["): "(", ord("]"): ")"}).split())


def _escape_brackets(text: str) -> str:
    """An IPv6 address has brackets, which the engine takes for a variable."""
    return text.replace("[", "{{").replace("]", "}}")
