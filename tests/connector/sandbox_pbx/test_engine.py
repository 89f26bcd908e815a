"""Several scenarios of one name, and chains."""

from xml.etree.ElementTree import fromstring

from connector.sandbox.pbx.dotnet import CULTURES
from connector.sandbox.pbx.engine import Engine
from tests.connector.sandbox_pbx.conftest import Portal

REQUEST = '<Request Url="{url}" RequestType="Post" ResponseType="Json" SkipIf="{skip}" />'
FOUND = """
<Scenario {id}>{request}
  <Rules><Rule Type="Any">list.id</Rule></Rules>
  <Variables><Variable Name="{variable}" Path="list.id" /></Variables>
  <Outputs Next="{next}" AllowEmpty="{allow_empty}">
    <Output Type="EntityId" Value="[First]-[Second]-[FoundRecordCount]" />
    <Output Type="Title" Value="[[Setting]]" Passes="2" />
  </Outputs>
</Scenario>"""


def make_scenario(
    path: str,
    *,
    id: str = 'Id=""',
    variable: str = "First",
    next: str = "",
    skip: str = "",
    allow_empty: str = "true",
) -> str:
    request = REQUEST.format(url="[PortalUrl]" + path, skip=skip)
    return FOUND.format(
        id=id, request=request, variable=variable, next=next, allow_empty=allow_empty
    )


def find(portal: Portal, *scenarios: str) -> list[str]:
    crm = fromstring(
        '<Crm><Parameters><Parameter Name="PortalUrl" Default="x" />'
        '<Parameter Name="Setting" Default="about {{[Number]}}" /></Parameters>'
        f"<Scenarios>{''.join(scenarios)}</Scenarios></Crm>"
    )
    engine = Engine(crm, {"PortalUrl": portal.url}, CULTURES["en-GB"])
    return [one["EntityId"] for one in engine.find_contacts("", {"Number": "5"})]


def test_scenarios_of_one_name_run_in_file_order_and_count(portal: Portal) -> None:
    portal.answers = {
        "/a": (200, {"list": [{"id": 1}, {"id": 2}]}),
        "/b": (200, {"list": [{"id": 3}]}),
    }
    found = find(portal, make_scenario("/a", id=""), make_scenario("/b", variable="Second"))
    assert found == ["1-[Second]-0", "2-[Second]-0", "[First]-3-2"]


def test_a_later_scenario_can_skip_when_somebody_was_found(portal: Portal) -> None:
    portal.answers = {"/a": (200, {"list": [{"id": 1}]})}
    later = make_scenario("/b", skip="[FoundRecordCount]&gt;0")
    assert find(portal, make_scenario("/a"), later) == ["1-[Second]-0"]
    assert [path for path, _, _ in portal.posted] == ["/a"]


def test_a_next_scenario_runs_for_each_record_and_inherits_its_variables(portal: Portal) -> None:
    portal.answers = {
        "/a": (200, {"list": [{"id": 1}, {"id": 2}]}),
        "/b": (200, {"list": [{"id": 3}]}),
    }
    found = find(
        portal,
        make_scenario("/a", next="More"),
        make_scenario("/b", id='Id="More"', variable="Second"),
    )
    assert found == ["1-3-0", "2-3-0"]


def test_an_empty_step_ends_the_chain_unless_it_may_be_empty(portal: Portal) -> None:
    portal.answers = {"/a": (200, {"list": []}), "/b": (200, {"list": [{"id": 3}]})}
    more = make_scenario("/b", id='Id="More"', variable="Second")
    assert find(portal, make_scenario("/a", next="More", allow_empty="false"), more) == []
    assert find(portal, make_scenario("/a", next="More"), more) == ["[First]-3-0"]


def test_an_error_page_is_nobody_found(portal: Portal) -> None:
    portal.answers = {"/a": (503, "<html>")}
    assert find(portal, make_scenario("/a")) == []
