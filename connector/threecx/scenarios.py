"""The scenarios of the template: what the PBX sends, and what it takes from an answer.

Every request is a POST of JSON: in an address 3CX would not encode the plus of a number. Nothing
but a Boolean parameter is compared in SkipIf: whether texts there want quotes differs between
versions of the engine. Everything else is decided by the portal.
"""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

Values = Sequence[tuple[str, str]]

# 3CX's output <- key of a match in the portal's answer. The PBX drops a contact none of whose
# phones holds the number it searched, digit by digit: `echo` is there for that.
CONTACT_OUTPUTS = {
    "ContactUrl": "url",
    "FirstName": "first",
    "LastName": "last",
    "CompanyName": "company",
    "Title": "title",
    "Department": "department",
    "Email": "email",
    "PhoneBusiness": "business",
    "PhoneBusiness2": "business2",
    "PhoneHome": "home",
    "PhoneMobile": "mobile",
    "PhoneMobile2": "mobile2",
    "PhoneOther": "echo",
    "FaxBusiness": "fax",
    "EntityId": "id",
    "EntityType": "module",
}
WHO = (
    ("name", "[Name]"),
    ("agent", "[Agent]"),
    ("agent_first_name", "[AgentFirstName]"),
    ("agent_last_name", "[AgentLastName]"),
    ("agent_email", "[AgentEmail]"),
    ("queue", "[QueueExtension]"),
    ("entity_id", "[EntityId]"),
    ("entity_type", "[EntityType]"),
)
LENGTH = (
    ("seconds", '[[[DurationTimespan].get_TotalSeconds()].ToString("F0")]'),
    ("duration", "[Duration]"),
    # In the PBX's zone and culture, which nobody can know: for show only.
    ("date_time", "[DateTime]"),
)


def list_call_values(
    *, recording_link: bool, transcript: bool, summary: bool, sentiment: bool
) -> Values:
    """Keys and expressions of a call's report.

    The moment of answering stays out: on a missed call it is null, and formatting null fails.
    """
    optional = (
        ("recording_url", "[RecordingUrl]", recording_link),
        ("transcription", "[Transcription]", transcript),
        ("summary", "[Summary]", summary),
        ("sentiment", "[Sentiment]", sentiment),
    )
    return (
        ("type", "[CallType]"),
        ("direction", "[CallDirection]"),
        ("number", "[Number]"),
        *WHO,
        ("start", _format_moment("CallStartTimeUTC")),
        ("end", _format_moment("CallEndTimeUTC")),
        *LENGTH,
        *((key, expression) for key, expression, wanted in optional if wanted),
    )


def list_chat_values(*, chat_text: bool) -> Values:
    """Keys and expressions of a chat's report."""
    return (
        ("number", "[Number]"),
        ("email", "[Email]"),
        *WHO,
        ("start", _format_moment("ChatStartTimeUTC")),
        ("end", _format_moment("ChatEndTimeUTC")),
        *LENGTH,
        *([("messages", "[ChatMessages]")] if chat_text else []),
    )


def add_lookup(
    scenarios: Element,
    *,
    scenario_id: str,
    route: str,
    version: int,
    values: Values,
    switch: str = "",
) -> None:
    """A scenario that posts `values` and takes contacts from `{"matches": [...]}`, best first.

    With `switch` only while that parameter is on.
    """
    scenario = add_query(
        scenarios,
        scenario_id=scenario_id,
        route=route,
        version=version,
        values=values,
        switch=switch,
    )
    variables = SubElement(scenario, "Variables")
    outputs = SubElement(scenario, "Outputs", Next="", AllowEmpty="true")
    for output, key in CONTACT_OUTPUTS.items():
        name = f"Match{key.title()}"
        variable = SubElement(
            variables, "Variable", Name=name, LookupValue="", Path=f"matches.{key}"
        )
        SubElement(variable, "Filter")
        SubElement(outputs, "Output", Type=output, Passes="1", Value=f"[{name}]")


def add_query(
    scenarios: Element,
    *,
    scenario_id: str,
    route: str,
    version: int,
    values: Values,
    switch: str = "",
) -> Element:
    """A scenario that posts `values`; a call flow receives the answer as it is."""
    scenario = _add_scenario(scenarios, scenario_id)
    skip_if = f"[{switch}]!=True" if switch else ""
    _add_request(scenario, route=route, version=version, values=values, skip_if=skip_if)
    rules = SubElement(scenario, "Rules")
    # On the list itself the rule could pass although the list is empty.
    SubElement(rules, "Rule", Type="Any", Ethalon="").text = "matches.id"
    return scenario


def add_report(
    scenarios: Element, *, scenario_id: str, route: str, version: int, switch: str, values: Values
) -> None:
    """A scenario that posts `values` and expects nothing, while the parameter `switch` is on."""
    scenario = _add_scenario(scenarios, scenario_id)
    skip_if = f"[{switch}]!=True"
    _add_request(scenario, route=route, version=version, values=values, skip_if=skip_if)


def _add_scenario(scenarios: Element, scenario_id: str) -> Element:
    return SubElement(
        scenarios, "Scenario", Id=scenario_id, Type="REST", EntityId="", EntityOrder=""
    )


def _add_request(
    scenario: Element, *, route: str, version: int, values: Values, skip_if: str
) -> None:
    request = SubElement(
        scenario,
        "Request",
        SkipIf=skip_if,
        Url=f"[PortalUrl]/{route}",
        MessagePasses="0",
        Message="",
        RequestContentType="",
        RequestEncoding="Json",
        RequestType="Post",
        ResponseType="Json",
    )
    headers = SubElement(request, "Headers")
    add_header(headers, "X-Api-Key", "[PortalKey]")
    add_header(headers, "X-Template-Version", str(version))
    posted = SubElement(request, "PostValues", Key="", If="", SkipIf="")
    for key, expression in values:
        SubElement(
            posted, "Value", Key=key, If="", SkipIf="", Passes="1", Type="String"
        ).text = expression


def add_header(headers: Element, key: str, expression: str) -> None:
    SubElement(headers, "Value", Key=key, Passes="1", Type="String").text = expression


def _format_moment(variable: str) -> str:
    return f'[[{variable}].ToString("yyyy-MM-ddTHH:mm:ssZ")]'
