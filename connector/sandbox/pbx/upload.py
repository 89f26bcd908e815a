"""Whether the PBX takes a template at all."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from connector.sandbox.pbx.errors import UploadRefused
from connector.threecx import vocabulary as words

# Attribute -> allowed words, where a wrong one is refused; an absent attribute is not.
ENUMERATIONS = {
    ("Number", "Prefix"): words.PREFIXES,
    ("Parameter", "Type"): words.PARAMETER_TYPES,
    ("Parameter", "Editor"): words.EDITORS,
    ("Authentication", "Type"): words.AUTHENTICATION_TYPES,
    ("Scenario", "Type"): words.SCENARIO_TYPES,
    ("Request", "RequestType"): words.REQUEST_TYPES,
    ("Request", "RequestEncoding"): words.REQUEST_ENCODINGS,
    ("Request", "ResponseType"): words.RESPONSE_TYPES,
    ("Rule", "Type"): words.RULE_TYPES,
    ("Output", "Type"): words.OUTPUTS | {"HeaderName", "HeaderValue", "Bearer", "Result"},
}
NEEDED = {
    "Crm": ("Name", "Version", "Country"),
    "Request": ("Url", "RequestType", "ResponseType"),
    "Parameter": ("Name", "Type"),
    "Variable": ("Name",),
}


def load_template(xml: str) -> Element:
    """The template's root; raises UploadRefused with what a real PBX would not say."""
    try:
        crm = fromstring(xml)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UploadRefused(f"incorrect file format ({error})") from error
    fault = next(_find_faults(crm), None)
    if fault:
        raise UploadRefused(f"incorrect file format ({fault})")
    return crm


def _find_faults(crm: Element) -> Iterator[str]:
    if crm.tag != "Crm":
        yield f"root {crm.tag}"
    for element in crm.iter():
        for attribute, value in element.attrib.items():
            if value not in ENUMERATIONS.get((element.tag, attribute), {value}):
                yield f"{element.tag} {attribute}={value}"
        for attribute in NEEDED.get(element.tag, ()):
            if not element.get(attribute):
                yield f"{element.tag} without {attribute}"
    if crm.find(".//Scenario//Scenario") is not None:
        yield "ArgumentNullException"
