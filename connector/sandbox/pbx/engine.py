"""Runs scenarios: request, records, outputs, and the chains between scenarios."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

import requests

from connector.sandbox.pbx.dotnet import Culture, Value
from connector.sandbox.pbx.errors import EngineError
from connector.sandbox.pbx.expressions import Scope, evaluate, unescape
from connector.sandbox.pbx.posting import Answer, send_request
from connector.sandbox.pbx.records import read_records

Contact = dict[str, str]
"""Outputs of a template by type: FirstName, PhoneMobile, EntityId, ..."""


class Engine:
    """One template with its parameters' values; `parameters` overrides the template's defaults."""

    def __init__(self, crm: Element, parameters: Mapping[str, str], culture: Culture) -> None:
        defaults = {one.get("Name", ""): one.get("Default", "") for one in crm.iter("Parameter")}
        values = {name: unescape(value) for name, value in {**defaults, **parameters}.items()}
        self.scope = Scope(variables={"LineBreak": "\n", **values}, culture=culture)
        self.scenarios = list(crm.findall("Scenarios/Scenario"))
        self.session = requests.Session()
        # The PBX stands beside the portal here; a proxy for the way to Zoho is not for it.
        self.session.trust_env = False

    def find_contacts(self, scenario_id: str, variables: Mapping[str, Value]) -> list[Contact]:
        """The contacts of every scenario of that Id, in file order."""
        contacts: list[Contact] = []
        for scenario in self._find_scenarios(scenario_id):
            seen: dict[str, Value] = {**variables, "FoundRecordCount": len(contacts)}
            contacts += self._run(scenario, self.scope.extend(seen))
        return contacts

    def report(self, scenario_id: str, variables: Mapping[str, Value]) -> Answer | None:
        """What came back for a report; None when nothing was sent."""
        answer = None
        for scenario in self._find_scenarios(scenario_id):
            answer = self._send(scenario, self.scope.extend(variables))
        return answer

    def _find_scenarios(self, scenario_id: str) -> list[Element]:
        return [one for one in self.scenarios if one.get("Id", "") == scenario_id]

    def _send(self, scenario: Element, scope: Scope) -> Answer | None:
        request = scenario.find("Request")
        if request is None:
            raise EngineError("ArgumentNullException")
        return send_request(request, scope, self.session)

    def _run(self, scenario: Element, scope: Scope) -> list[Contact]:
        """A step without records ends the chain, unless AllowEmpty lets the next one run."""
        outputs = scenario.find("Outputs")
        answer = self._send(scenario, scope)
        if outputs is None:
            return []
        records = read_records(scenario, answer.json if answer else None, scope)
        scopes = [scope.extend(record) for record in records]
        following = self._find_scenarios(outputs.get("Next", "")) if outputs.get("Next") else []
        if not following:
            return [_read_outputs(outputs, one) for one in scopes]
        if not scopes and outputs.get("AllowEmpty", "").casefold() == "true":
            scopes = [scope]
        return [contact for one in scopes for step in following for contact in self._run(step, one)]


def _read_outputs(outputs: Element, scope: Scope) -> Contact:
    return {
        one.get("Type", ""): evaluate(one.get("Value", ""), scope, passes=one.get("Passes") or "0")
        for one in outputs.findall("Output")
    }
