"""Whether 3CX would take a template: every rule we know, checked before anybody downloads it.

The PBX answers a fault with "incorrect file format" or, worse, with silence at the first call.
"""

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from connector.threecx import vocabulary as words
from connector.threecx.expression_rules import check_expressions
from connector.threecx.request_rules import check_request

POSITION = re.compile(r"\[|\.\d+(\.|$)")


def check_template(xml: str) -> list[str]:
    """One sentence for each rule that the template breaks; an empty list when it is good."""
    try:
        crm = fromstring(xml)
    except (ParseError, DefusedXmlException, ValueError) as error:
        return [f"The file is not well-formed XML: {error}."]
    if crm.tag != "Crm":
        return [f"The root is <{crm.tag}>, not <Crm>."]
    return [
        *_check_head(crm),
        *_check_parameters(crm),
        *(fault for scenario in crm.iter("Scenario") for fault in _check_scenario(scenario)),
        *(fault for scenario in crm.iter("Scenario") for fault in check_request(crm, scenario)),
        *check_expressions(crm),
    ]


def _check_word(element: Element, attribute: str, allowed: AbstractSet[str]) -> Iterator[str]:
    """A fault if the attribute's value is not exactly one of the allowed words."""
    value = element.get(attribute, "")
    if value not in allowed:
        yield f'<{element.tag} {attribute}="{value}"> is none of {", ".join(sorted(allowed))}.'


def _check_head(crm: Element) -> Iterator[str]:
    if (crm.get("Name") or "").casefold() in words.BUILT_IN_NAMES | {""}:
        yield f'The name "{crm.get("Name")}" is empty or belongs to an integration of 3CX.'
    if not (crm.get("Version") or "").isdecimal():
        yield "Version is not a whole number."
    if crm.get("Country") != "Global":
        yield "Country is not Global."
    for switch in ("SupportsEmojis", "SupportsTranscription"):
        if crm.get(switch, "false") not in ("true", "false"):
            yield f"{switch} is neither true nor false."
    found = [child.tag for child in crm if isinstance(child.tag, str)]
    if found != [tag for tag in words.CHILDREN if tag in found]:
        yield f"The parts stand in another order than {', '.join(words.CHILDREN)}."
    for tag, attribute, allowed in (
        ("Number", "Prefix", words.PREFIXES),
        # Types other than No make the PBX hold tokens; the key travels in a header.
        ("Authentication", "Type", {"No"}),
    ):
        for element in crm.iter(tag):
            yield from _check_word(element, attribute, allowed)


def _check_parameters(crm: Element) -> Iterator[str]:
    parameters = list(crm.iter("Parameter"))
    kinds = {one.get("Name", ""): one.get("Type") for one in parameters}
    for name, count in Counter(one.get("Name") for one in parameters).items():
        if count > 1:
            yield f"The parameter {name} stands {count} times."
    if list(kinds.values()).count("Password") != 1:
        yield "There is not exactly one parameter of type Password."
    for one in parameters:
        yield from _check_word(one, "Type", words.PARAMETER_TYPES)
        yield from _check_word(one, "Editor", words.EDITORS)
        if one.get("Type") == "Boolean":
            yield from _check_word(one, "Default", {"True", "False"})
        parent = one.get("Parent", "")
        if parent in kinds and kinds[parent] != "Boolean":
            yield f"The parent of {one.get('Name')} is a parameter but no Boolean."


def _check_scenario(scenario: Element) -> Iterator[str]:
    name = scenario.get("Id", "")
    if not any(_is_named(name, known) for known in words.SCENARIO_VARIABLES):
        yield f"No PBX runs a scenario named {name}."
    if scenario.find(".//Scenario") is not None:
        yield f"A scenario stands inside the scenario {name}."
    yield from _check_word(scenario, "Type", words.SCENARIO_TYPES)
    for rule in scenario.iter("Rule"):
        yield from _check_word(rule, "Type", words.RULE_TYPES)
        yield from _check_path(rule.text or "")
    for variable in scenario.iter("Variable"):
        yield from _check_path(variable.get("Path") or variable.text or "")
        if variable.find("Filters") is not None:
            yield "A <Filters> wrapper is ignored by the engine; <Filter> stands directly."
    yield from _check_outputs(scenario, name)


def _is_named(name: str, known: str) -> bool:
    return name.startswith(known[:-1]) if known.endswith("*") else name == known


def _check_path(path: str) -> Iterator[str]:
    if not path.strip():
        yield "A rule or variable has no path."
    if POSITION.search(path):
        yield f"The path {path} names a position, which the engine does not know."


def _check_outputs(scenario: Element, name: str) -> Iterator[str]:
    outputs = Counter(output.get("Type", "") for output in scenario.iter("Output"))
    for kind, count in outputs.items():
        if kind not in words.OUTPUTS:
            yield f"There is no output {kind}."
        if count > 1:
            yield f"The output {kind} stands {count} times; which one counts is unknown."
    if any(name.startswith(known) if known else not name for known in words.CONTACT_SCENARIOS):
        kinds = set(outputs)
        if not (
            "ContactUrl" in kinds and kinds & words.NAME_OUTPUTS and kinds & words.PHONE_OUTPUTS
        ):
            yield f'The scenario "{name}" lacks an address, a name or a phone: no match counts.'
