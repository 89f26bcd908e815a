"""The PBX: looks callers up while it rings, reports after hang-up."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from connector.sandbox.pbx.dotnet import CULTURES, Value
from connector.sandbox.pbx.engine import Contact, Engine
from connector.sandbox.pbx.expressions import evaluate
from connector.sandbox.pbx.happenings import Call, Chat, Extension, Leg
from connector.sandbox.pbx.posting import Answer
from connector.sandbox.pbx.upload import load_template
from connector.threecx.vocabulary import NAME_OUTPUTS, PHONE_OUTPUTS

# Variables that only V20 fills; an older PBX knows no such names.
V20_VARIABLES = ("Transcription", "Summary", "Sentiment")


class SandboxPbx:
    """A PBX with one template. `parameters` are the values of the admin's form, by name.

    `time_zone` and `culture` colour the local date texts; `match_digits` is the phonebook's
    "match at least N characters", empty for "match exactly". Raises UploadRefused.
    """

    def __init__(
        self,
        template_xml: str,
        parameters: Mapping[str, str],
        *,
        time_zone: str = "Europe/London",
        culture: str = "en-GB",
        version: str = "v20",
        match_digits: str = "",
    ) -> None:
        crm = load_template(template_xml)
        self.engine = Engine(crm, {"MaxLength": match_digits, **parameters}, CULTURES[culture])
        self.zone = ZoneInfo(time_zone)
        self.version = version
        number = crm.find("Number")
        self.prefix = number.get("Prefix", "AsIs") if number is not None else "AsIs"
        self.max_length = number.get("MaxLength", "") if number is not None else ""

    def lookup(self, number: str, *, direction: str = "Inbound") -> list[Contact]:
        """The contacts that the PBX accepts for a number, in the order of the answer."""
        shown = self.format_number(number)
        variables: dict[str, Value] = {"Number": shown, "CallDirection": direction}
        found = self.engine.find_contacts("", variables)
        return [contact for contact in found if is_accepted(contact, shown)]

    def search(self, text: str) -> list[Contact]:
        """What the client shows while somebody types, in the order of the answer."""
        escaped = quote(text, safe="")
        return self.engine.find_contacts(
            "SearchContacts", {"SearchText": text, "EscapedSearchText": escaped}
        )

    def lookup_email(self, email: str) -> list[Contact]:
        """Who a chat's visitor is."""
        return self.engine.find_contacts("LookupByEmail", {"Email": email})

    def create(self, **form: str) -> list[Contact]:
        """What the client shows after its form: FirstName, LastName, Company, Email, Number."""
        number = self.format_number(form.get("Number", ""))
        empty = dict.fromkeys(("FirstName", "LastName", "Company", "Email"), "")
        return self.engine.find_contacts(
            "CreateContactRecordFromClient", {**empty, **form, "Number": number}
        )

    def place_call(self, call: Call) -> list[Answer | None]:
        """One call from ringing to hang-up: a lookup, then a report for each leg."""
        match = next(iter(self.lookup(call.number, direction=call.direction)), {})
        return [self.report_call(call, leg, match=match) for leg in call.legs]

    def hold_chat(self, chat: Chat) -> Answer | None:
        """One chat from the visitor's first word to its end."""
        match = next(iter(self.lookup(chat.number)), {}) if chat.number else {}
        return self.report_chat(chat, match=match)

    def report_call(self, call: Call, leg: Leg, *, match: Contact) -> Answer | None:
        """Report one leg; None when the template's switch is off. Raises EngineError."""
        variables = {
            **self._describe_contact(match, call.number, call.caller_name),
            **_describe_agent(leg.extension, call.queue),
            **self._describe_times("Call", leg.started_at, leg.seconds),
            "CallType": leg.type,
            "CallDirection": call.direction,
            "RecordingUrl": call.recording_url,
            "RecordingHyperLink": _link(call.recording_url),
            "Transcription": call.transcription,
            "Summary": call.summary,
            "Sentiment": call.sentiment,
        }
        if leg.type in ("Missed", "Notanswered"):
            variables["CallEstablishedTimeUTC"] = variables["CallEstablishedTimeLocal"] = None
        if self.version == "v18":
            variables = {key: value for key, value in variables.items() if key not in V20_VARIABLES}
        return self.engine.report("ReportCall", variables)

    def report_chat(self, chat: Chat, *, match: Contact) -> Answer | None:
        """Report a chat; None when the template's switch is off. Raises EngineError."""
        variables = {
            **self._describe_contact(match, chat.number, chat.visitor),
            **_describe_agent(chat.extension, chat.queue),
            **self._describe_times("Chat", chat.started_at, chat.seconds),
            "Email": chat.email,
            "ChatMessages": chat.messages,
        }
        return self.engine.report("ReportChat", variables)

    def format_number(self, number: str) -> str:
        """The number as `<Number Prefix MaxLength>` wants it."""
        match self.prefix:
            case "Off":
                number = number.removeprefix("+").removeprefix("00")
            case "Plus" if number.startswith("00"):
                number = f"+{number[2:]}"
            case "Zeros" if number.startswith("+"):
                number = f"00{number[1:]}"
        length = evaluate(self.max_length, self.engine.scope)
        return number[-int(length) :] if length.isdigit() and int(length) else number

    def _describe_contact(self, match: Contact, number: str, name: str) -> dict[str, Value]:
        full_name = " ".join(filter(None, (match.get("FirstName"), match.get("LastName"))))
        return {
            **{f"Contact::{kind}": value for kind, value in match.items()},
            "Number": self.format_number(number),
            "Name": full_name or match.get("CompanyName") or name,
            "EntityId": match.get("EntityId", ""),
            "EntityType": match.get("EntityType", ""),
        }

    def _describe_times(self, kind: str, start: datetime, seconds: int) -> dict[str, Value]:
        start = start.astimezone(UTC)
        moments = {"Start": start, "Established": start, "End": start + timedelta(seconds=seconds)}
        local = {name: moment.astimezone(self.zone) for name, moment in moments.items()}
        minutes, rest = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return {
            **{f"{kind}{name}TimeUTC": moment for name, moment in moments.items()},
            **{f"{kind}{name}TimeLocal": moment for name, moment in local.items()},
            **{
                f"{kind}{name}TimeUTCMillis": str(int(moment.timestamp() * 1000))
                for name, moment in moments.items()
            },
            "DateTime": local["Start"],
            "DurationTimespan": timedelta(seconds=seconds),
            "Duration": (f"{hours:02}:" if hours else "") + f"{minutes:02}:{rest:02}",
        }


def is_accepted(contact: Contact, number: str) -> bool:
    """Whether 3CX keeps a match: an address, a name, and a phone equal to the searched number.

    Some sources say that containing the number is enough; equality passes under both readings.
    """
    has_name = any(contact.get(kind) for kind in NAME_OUTPUTS)
    has_number = any(contact.get(kind) == number for kind in PHONE_OUTPUTS)
    return bool(contact.get("ContactUrl")) and has_name and has_number


def _describe_agent(extension: Extension, queue: str) -> dict[str, Value]:
    return {
        "Agent": extension.number,
        "AgentFirstName": extension.first_name,
        "AgentLastName": extension.last_name,
        "AgentEmail": extension.email,
        "QueueExtension": queue,
    }


def _link(address: str) -> str:
    return f'<a href="{address}">{address}</a>' if address else ""
