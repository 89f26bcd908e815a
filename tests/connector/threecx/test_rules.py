"""Each fault that 3CX punishes, put into a good template, is named."""

import pytest

from connector.threecx.rules import check_template
from connector.threecx.template import TemplateFacts, build_template

GOOD = build_template(
    TemplateFacts(portal_url="https://portal.example", slug="acme", connection_name="Acme Ltd")
)
SECRET = '<Parameter Name="PortalKey" Type="Password"'


def test_a_good_template_has_no_fault() -> None:
    assert check_template(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("<Crm ", "<Cram ", "not well-formed"),
        ("nothing needs", "nothing -- needs", "not well-formed"),
        ('encoding="utf-8"?>', 'encoding="utf-8"?><!DOCTYPE Crm [<!ENTITY a "b">]>', "well-formed"),
        ('Name="Patchbay for Zoho CRM"', 'Name="Zoho"', "belongs to an integration"),
        ('Version="3" C', 'Version="1.0" C', "whole number"),
        ('Country="Global"', "", "Country"),
        ('SupportsEmojis="true"', 'SupportsEmojis="True"', "SupportsEmojis"),
        ('Prefix="AsIs"', 'Prefix="Asis"', "Prefix"),
        ('<Connection MaxConcurrentRequests="4" />', "", ""),
        ('<Authentication Type="No" />', '<Authentication Type="None" />', "Authentication"),
        (SECRET, '<Parameter Name="PortalKey" Type="String"', "exactly one parameter"),
        ('"ReportChatEnabled" Type="Boolean"', '"ReportChatEnabled" Type="Bool"', '"Bool"'),
        ('Name="ReportChatEnabled"', 'Name="ReportCallEnabled"', "stands 2 times"),
        ('Default="True"', 'Default="true"', "Default"),
        ('Parent="General Configuration"', 'Parent="PortalKey"', "no Boolean"),
        ('Id="ReportCall"', 'Id="ReportCalls"', "No PBX runs"),
        ('Type="REST"', 'Type="Rest"', "REST"),
        ('RequestType="Post"', 'RequestType="POST"', "RequestType"),
        ('RequestEncoding="Json"', 'RequestEncoding="JSON"', "RequestEncoding"),
        ('ResponseType="Json"', 'ResponseType="Xml"', "ResponseType"),
        ('Url="[PortalUrl]/lookup"', 'Url="[PortalUrl]/lookup?number=[Number]"', "query"),
        ('SkipIf="[ReportCallEnabled]!=True"', 'SkipIf="[CallType]==Missed"', "compares"),
        ('SkipIf="[ReportCallEnabled]!=True"', 'SkipIf="[PortalUrl]!=True"', "compares"),
        ('Key="X-Api-Key"', 'Key="Api-Key"', "does not send the key"),
        ('Key="X-Template-Version"', 'Key="X-Version"', "version"),
        ('Passes="1" Type="String">[Number]', 'Passes="9" Type="String">[Number]', "Passes"),
        (">[Number]<", ">[CallerNumber]<", "CallerNumber"),
        (">[Number]<", '>[Number.Replace("+","")]<', "single brackets"),
        (">[Number]<", ">[[Number]<", "do not close"),
        ("CallEndTimeUTC", "CallEstablishedTimeUTC", "null on missed calls"),
        ("CallEndTimeUTC", "CallEndTimeLocal", "ISO time"),
        ("yyyy-MM-ddTHH:mm:ssZ", "dd.MM.yyyy HH:mm", "ISO time"),
        (">matches.id<", ">matches.0.id<", "position"),
        (">matches.id<", "><", "no path"),
        ('Rule Type="Any"', 'Rule Type="Exists"', "Exists"),
        ('Type="FirstName"', 'Type="Firstname"', "no output Firstname"),
        ('Type="PhoneHome"', 'Type="PhoneMobile"', "stands 2 times"),
        ('Type="ContactUrl"', 'Type="PhotoUrl"', "no match counts"),
        ('Name="MatchEmail"', 'Name="Number"', "hides one"),
        ('Title="API key:"', 'Title="API&#10;key:"', "line break"),
    ],
)
def test_a_fault_is_named(good: str, bad: str, said: str) -> None:
    assert good in GOOD
    faults = check_template(GOOD.replace(good, bad))
    if said:
        assert any(said in fault for fault in faults)
    else:
        assert faults == []


def test_parts_in_another_order_are_a_fault() -> None:
    moved = GOOD.replace('<Authentication Type="No" />', "").replace(
        "<Parameters>", '<Authentication Type="No" /><Parameters>'
    )
    assert any("another order" in fault for fault in check_template(moved))


def test_a_scenario_inside_another_is_a_fault() -> None:
    nested = GOOD.replace("<Rules>", '<Scenario Id="ReportChat" Type="REST" /><Rules>', 1)
    assert any("inside" in fault for fault in check_template(nested))
