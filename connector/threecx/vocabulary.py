"""The words of 3CX's template engine: enumerations, scenario names, predefined variables.

All are case-sensitive; one wrong word and the PBX refuses the upload with nothing but "incorrect
file format".
"""

PREFIXES = frozenset({"AsIs", "Off", "Plus", "Zeros"})
PARAMETER_TYPES = frozenset(
    {"String", "Integer", "Double", "Boolean", "DateTime", "Password", "OAuth", "List"}
)
EDITORS = frozenset({"String", "Sql"})
AUTHENTICATION_TYPES = frozenset({"No", "Basic", "Scenario"})
SCENARIO_TYPES = frozenset({"REST", "SQLDatabase", "NoSQLDatabase"})
REQUEST_TYPES = frozenset({"Get", "Post"})
REQUEST_ENCODINGS = frozenset({"", "UrlEncoded", "Json"})
RESPONSE_TYPES = frozenset({"Json"})
RULE_TYPES = frozenset({"Any", "Equals", "Number"})
CHILDREN = ("Number", "Connection", "Parameters", "Authentication", "Scenarios")

NAME_OUTPUTS = frozenset({"FirstName", "LastName", "CompanyName", "FullName"})
PHONE_OUTPUTS = frozenset(
    {
        "PhoneBusiness",
        "PhoneBusiness2",
        "PhoneHome",
        "PhoneHome2",
        "PhoneMobile",
        "PhoneMobile2",
        "PhoneOther",
        "FaxBusiness",
        "Pager",
    }
)
OUTPUTS = (
    NAME_OUTPUTS
    | PHONE_OUTPUTS
    | {
        "ContactUrl",
        "Title",
        "Department",
        "Email",
        "PhotoUrl",
        "ContactRawData",
        "ContactType",
        "EntityId",
        "EntityType",
        "ContactID",
        "CustomValue",
    }
)

# Integrations that 3CX ships; a template under such a name hides one of the two.
BUILT_IN_NAMES = frozenset(
    {
        "zoho",
        "zoho crm",
        "salesforce",
        "hubspot",
        "hubspot crm",
        "freshdesk",
        "zendesk",
        "bitrix24",
        "connectwise",
        "sugarcrm",
        "vtiger",
        "microsoft dynamics 365",
    }
)

ANYWHERE = frozenset({"MaxLength", "FoundRecordCount", "LineBreak"})
AGENT = frozenset({"Agent", "AgentFirstName", "AgentLastName", "AgentEmail", "QueueExtension"})
CONTACT = frozenset({"Number", "Name", "EntityId", "EntityType"})
LENGTH = frozenset({"DateTime", "Duration", "DurationTimespan"})
CALL_VARIABLES = (
    CONTACT
    | AGENT
    | LENGTH
    | {
        "CallType",
        "CallDirection",
        "CallStartTimeLocal",
        "CallStartTimeUTC",
        "CallStartTimeUTCMillis",
        "CallEndTimeLocal",
        "CallEndTimeUTC",
        "CallEndTimeUTCMillis",
        "RecordingUrl",
        "RecordingHyperLink",
        "Transcription",
        "Summary",
        "Sentiment",
    }
)
CHAT_VARIABLES = (
    CONTACT | AGENT | LENGTH | {"Email", "ChatStartTimeUTC", "ChatEndTimeUTC", "ChatMessages"}
)
# Scenario name, or the beginning of one where it ends in `*`, and what it may use.
SCENARIO_VARIABLES = {
    "": frozenset({"Number", "CallDirection"}),
    "LookupByEmail*": frozenset({"Email"}),
    "SearchContacts*": frozenset({"SearchText", "EscapedSearchText"}),
    "CreateContactRecordFromClient": frozenset(
        {"FirstName", "LastName", "Email", "Number", "Company"}
    ),
    "LookupFromCFD_*": frozenset({"Number", "SearchText"}),
    "ReportCall": CALL_VARIABLES,
    "ReportChat": CHAT_VARIABLES,
}
# These must bring a contact that the PBX accepts.
CONTACT_SCENARIOS = ("", "LookupByEmail", "SearchContacts", "CreateContactRecordFromClient")
