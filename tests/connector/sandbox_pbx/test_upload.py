"""Which templates a PBX takes."""

from pathlib import Path

import pytest

from connector.sandbox.pbx.errors import UploadRefused
from connector.sandbox.pbx.upload import load_template

RELEASED = Path(__file__).parent.parent / "threecx" / "released"
GOOD = (RELEASED / "crm-1.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*.xml")), ids=lambda path: path.stem)
def test_every_released_template_is_taken(path: Path) -> None:
    assert load_template(path.read_text(encoding="utf-8")).get("Name") == "Patchbay for Zoho CRM"


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("</Crm>", ""),
        ("nothing needs", "nothing -- needs"),
        ('<?xml version="1.0" encoding="utf-8"?>', '<!DOCTYPE a [<!ENTITY b "c">]>'),
        ('RequestType="Post"', 'RequestType="POST"'),
        ('ResponseType="Json"', ""),
        ('Type="Password"', 'Type="Secret"'),
        ('<Authentication Type="No"', '<Authentication Type="None"'),
        ('Prefix="AsIs"', 'Prefix="asis"'),
        ('Country="Global"', ""),
        ('Output Type="Email"', 'Output Type="EMail"'),
        ("<Rules>", '<Scenario Id="Inner" Type="REST" /><Rules>'),
    ],
)
def test_a_template_with_a_fault_is_refused(good: str, bad: str) -> None:
    assert good in GOOD
    with pytest.raises(UploadRefused, match="incorrect file format"):
        load_template(GOOD.replace(good, bad))


def test_another_root_is_refused() -> None:
    with pytest.raises(UploadRefused):
        load_template("<Cram />")
