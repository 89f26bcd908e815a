"""Rules for expressions: brackets, known names, calls."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from connector.threecx import vocabulary as words

NAME = re.compile(r"\[(\w+)\]")
# A method is called on a value: [[Number].Replace(..)], never [Number.Replace(..)].
BARE_CALL = re.compile(r"\[\w+\.\w+\(")
FORMATTED = re.compile(r"\[(\w+Time\w*)\]\.ToString\((\"[^\"]*\")\)")
ISO = '"yyyy-MM-ddTHH:mm:ssZ"'
CONTROL = re.compile(r"[\x00-\x1f]")


def check_expressions(crm: Element) -> Iterator[str]:
    """Faults of every expression of the template."""
    parameters = {one.get("Name", "") for one in crm.iter("Parameter")}
    for scenario in crm.iter("Scenario"):
        known = words.ANYWHERE | parameters | _list_inputs(scenario.get("Id", ""))
        own = {one.get("Name", "") for one in scenario.iter("Variable")}
        for text in _list_expressions(scenario):
            yield from _check_expression(text, known=known | own)
        for name in sorted(own & known):
            yield f"The variable {name} hides one that 3CX fills."
    for element in crm.iter():
        if any(CONTROL.search(value) for value in element.attrib.values()):
            yield f"An attribute of <{element.tag}> holds a line break or control sign."


def _list_inputs(scenario_id: str) -> frozenset[str]:
    for known, variables in words.SCENARIO_VARIABLES.items():
        if scenario_id == known or (known[-1:] == "*" and scenario_id.startswith(known[:-1])):
            return variables
    return frozenset()


def _list_expressions(scenario: Element) -> Iterator[str]:
    for element in scenario.iter():
        if element.tag == "Request":
            yield element.get("Url", "")
            yield element.get("Message", "")
        if element.tag == "Value":
            yield element.text or ""
        if element.tag == "Output":
            yield element.get("Value", "")
        for attribute in ("If", "SkipIf", "Ethalon"):
            yield element.get(attribute, "")


def _check_expression(text: str, *, known: frozenset[str]) -> Iterator[str]:
    if text.count("[") != text.count("]"):
        yield f"The brackets of {text} do not close."
    if BARE_CALL.search(text):
        yield f"{text} calls a method within single brackets."
    if text.startswith("IIf("):
        yield f"{text} stands outside brackets and would be taken as text."
    for name in NAME.findall(text):
        if name.startswith("CallEstablished"):
            yield f"{name} is null on missed calls, and the report would fail."
        elif name not in known:
            yield f"3CX knows no variable {name} here."
    for name, pattern in FORMATTED.findall(text):
        if pattern != ISO or not name.endswith("UTC"):
            yield f"{text} is not an ISO time in UTC."
