"""The modules and their standard fields, with the limits Zoho documents for them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

PEOPLE_MODULES = ("Contacts", "Leads", "Accounts")
MODULES = (*PEOPLE_MODULES, "Deals", "Calls", "Tasks", "Notes", "Attachments")

LEAD_SOURCES = ("Advertisement", "Cold Call", "External Referral", "Web Download", "Trade Show")
CALL_TYPES = ("Inbound", "Outbound", "Missed")
CALL_STATUSES = ("Scheduled", "Completed", "Overdue", "Cancelled")
CALL_PURPOSES = ("Prospecting", "Administrative", "Negotiation", "Demo", "Project", "Desk")
CALL_RESULTS = (
    "Interested",
    "Not interested",
    "No response/Busy",
    "Requested more info",
    "Requested call back",
    "Invalid number",
)
TASK_STATUSES = ("Not Started", "Deferred", "In Progress", "Completed", "Waiting for input")
PRIORITIES = ("High", "Highest", "Low", "Lowest", "Normal")
CLOSING_STAGES = {"Closed Won": "Closed Won", "Closed Lost": "Closed Lost", "Signed": "Closed Won"}
DEAL_STAGES = ("Qualification", "Proposal/Price Quote", *CLOSING_STAGES)
LIMITS = {"phone": 30, "email": 100, "website": 450, "textarea": 32000, "picklist": 120}


@dataclass(frozen=True)
class Field:
    """One field of a module. `mandatory` is Zoho's system_mandatory, `required` the layout's."""

    api_name: str
    data_type: str = "text"
    length: int = 255
    mandatory: bool = False
    required: bool = False
    read_only: bool = False
    fixed: bool = False  # can be set when the record is made, and never again
    values: tuple[str, ...] = ()
    open_values: bool = False
    lookup: str = ""
    unique: bool = False
    external: bool = False
    custom: bool = False
    label: str = ""

    def describe_option(self, value: str) -> dict[str, Any]:
        option = {"display_value": value, "actual_value": value, "type": "used"}
        if self.api_name == "Stage":
            option["forecast_type"] = CLOSING_STAGES.get(value, "Open")
        return option

    def describe(self, *, field_id: str) -> dict[str, Any]:
        """The shape of `GET /settings/fields`."""
        options = [self.describe_option(value) for value in self.values]
        lookup = {"module": {"api_name": self.lookup}} if self.lookup else {}
        writable = not self.read_only
        return {
            "id": field_id,
            "api_name": self.api_name,
            "field_label": self.label or self.api_name.replace("_", " "),
            "data_type": self.data_type,
            "length": self.length,
            "system_mandatory": self.mandatory,
            "read_only": self.read_only,
            "field_read_only": self.read_only,
            "custom_field": self.custom,
            "visible": True,
            "operation_type": {
                "web_create": writable,
                "web_update": writable,
                "api_create": writable,
                "api_update": writable and not self.fixed,
            },
            "unique": {"casesensitive": False} if self.unique else {},
            "external": {"type": "org", "show": True} if self.external else None,
            "pick_list_values": options,
            "lookup": lookup,
        }


def list_texts(names: str, *, length: int = 255) -> tuple[Field, ...]:
    return tuple(Field(name, "text", length) for name in names.split())


def list_phones(names: str) -> tuple[Field, ...]:
    return tuple(Field(name, "phone", LIMITS["phone"]) for name in names.split())


def list_emails(names: str) -> tuple[Field, ...]:
    return tuple(Field(name, "email", LIMITS["email"]) for name in names.split())


def pick(name: str, values: tuple[str, ...], **more: Any) -> Field:
    return Field(name, "picklist", LIMITS["picklist"], values=values, **more)


DESCRIPTION = Field("Description", "textarea", LIMITS["textarea"])
SYSTEM = (
    Field("Owner", "ownerlookup", 120, lookup="users"),
    Field("Created_By", "ownerlookup", 120, read_only=True, lookup="users"),
    Field("Modified_By", "ownerlookup", 120, read_only=True, lookup="users"),
    Field("Created_Time", "datetime", 120, read_only=True),
    Field("Modified_Time", "datetime", 120, read_only=True),
    Field("Last_Activity_Time", "datetime", 120, read_only=True),
    Field("Tag", "jsonarray", 2000, read_only=True),
)
SUBJECT = Field("Subject", mandatory=True, required=True)
PARENTS = (
    Field("Who_Id", "lookup", 120, lookup="Contacts"),
    Field("What_Id", "multi_module_lookup", 120, lookup="$se_module"),
)
PERSON = (
    Field("First_Name", "text", 40),
    Field("Last_Name", "text", 80, mandatory=True, required=True),
    Field("Full_Name", "text", 120, read_only=True),
    Field("Salutation", "picklist", values=("Mr.", "Mrs.", "Ms.", "Dr."), open_values=True),
    *list_emails("Email Secondary_Email"),
    pick("Lead_Source", LEAD_SOURCES, open_values=True),
    DESCRIPTION,
)
CONVERSION = (
    Field("Converted__s", "boolean", 5, read_only=True),
    Field("Converted_Date_Time", "datetime", 120, read_only=True),
    Field("Converted_Contact", "lookup", 120, read_only=True, lookup="Contacts"),
    Field("Converted_Account", "lookup", 120, read_only=True, lookup="Accounts"),
    Field("Converted_Deal", "lookup", 120, read_only=True, lookup="Deals"),
)

STANDARD: dict[str, tuple[Field, ...]] = {
    "Contacts": (
        *PERSON,
        *list_phones("Phone Mobile Home_Phone Other_Phone Asst_Phone Fax"),
        Field("Account_Name", "lookup", 120, lookup="Accounts"),
        *list_texts("Title Department", length=100),
        *list_texts("Mailing_Street Mailing_City Mailing_Zip Mailing_Country"),
        *SYSTEM,
    ),
    "Leads": (
        *PERSON,
        *list_phones("Phone Mobile Fax"),
        Field("Company", "text", 100, required=True),
        *list_texts("Designation", length=100),
        pick("Lead_Status", ("Not Contacted", "Contacted", "Lost Lead"), open_values=True),
        *list_texts("Street City Zip_Code Country"),
        *CONVERSION,
        *SYSTEM,
    ),
    "Accounts": (
        Field("Account_Name", "text", 200, mandatory=True, required=True),
        *list_phones("Phone Fax"),
        Field("Website", "website", LIMITS["website"]),
        pick("Industry", ("Consulting", "Education", "Manufacturing", "Retail"), open_values=True),
        *list_texts("Billing_Street Billing_City Billing_Code Billing_Country"),
        DESCRIPTION,
        *SYSTEM,
    ),
    "Deals": (
        Field("Deal_Name", "text", 120, mandatory=True, required=True),
        pick("Stage", DEAL_STAGES, mandatory=True, required=True),
        Field("Account_Name", "lookup", 120, lookup="Accounts"),
        Field("Contact_Name", "lookup", 120, lookup="Contacts"),
        Field("Closing_Date", "date", 20),
        Field("Amount", "currency", 16),
        DESCRIPTION,
        *SYSTEM,
    ),
    "Calls": (
        SUBJECT,
        pick("Call_Type", CALL_TYPES, mandatory=True, required=True, fixed=True),
        Field("Call_Start_Time", "datetime", 120, mandatory=True, required=True),
        Field("Call_Duration", "text", 50),
        Field("Call_Duration_in_seconds", "integer", 9, read_only=True),
        pick("Outgoing_Call_Status", CALL_STATUSES),
        pick("Call_Purpose", CALL_PURPOSES, open_values=True),
        pick("Call_Result", CALL_RESULTS),
        Field("Call_Agenda"),
        Field("Voice_Recording__s", "website", LIMITS["website"]),
        Field("Caller_ID", "text", 30, read_only=True),
        Field("Dialled_Number", "text", 30, read_only=True),
        Field("CTI_Entry", "boolean", 5, read_only=True),
        *PARENTS,
        DESCRIPTION,
        *SYSTEM,
    ),
    "Tasks": (
        SUBJECT,
        Field("Due_Date", "date", 20),
        pick("Status", TASK_STATUSES),
        pick("Priority", PRIORITIES),
        Field("Closed_Time", "datetime", 120, read_only=True),
        *PARENTS,
        DESCRIPTION,
        *SYSTEM,
    ),
    "Notes": (
        Field("Note_Title", "text", 120),
        Field("Note_Content", "textarea", 65535, mandatory=True, required=True),
        Field("Parent_Id", "parent", 120, mandatory=True, required=True, fixed=True),
        *SYSTEM,
    ),
    "Attachments": (
        Field("File_Name"),
        Field("Size", "bigint", 18, read_only=True),
        Field("Parent_Id", "parent", 120, read_only=True),
        *SYSTEM,
    ),
}
STANDARD = {
    module: tuple(replace(f, label=f.api_name.replace("_", " ").strip()) for f in fields)
    for module, fields in STANDARD.items()
}
NAME_FIELDS = {
    "Contacts": "Full_Name",
    "Leads": "Full_Name",
    "Accounts": "Account_Name",
    "Deals": "Deal_Name",
    "Calls": "Subject",
    "Tasks": "Subject",
    "Notes": "Note_Title",
    "Attachments": "File_Name",
}


def select_typed(fields: dict[str, Field], *data_types: str) -> Iterator[str]:
    """Names of the fields that hold one of these types, e.g. every phone field."""
    return (name for name, field in fields.items() if field.data_type in data_types)
