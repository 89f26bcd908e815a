"""What an administrator sets about both ends, and what is known of them."""

from connector.models.access import Assignment
from connector.models.connection import Connection
from connector.models.credits import CreditHour
from connector.models.dialling import (
    AgentToken,
    DialFormat,
    DialIntent,
    DialSettings,
    DialWay,
    XapiToken,
)
from connector.models.directory import Mirror, MirroredKey, MirroredPerson
from connector.models.installation import Installation
from connector.models.knock import RefusedKnock
from connector.models.operating import Pulse, Tally
from connector.models.pbx import (
    Agent,
    ExtensionReading,
    PbxKey,
    Queue,
    RowSource,
    TrialKey,
)
from connector.models.second_step import SecondStep
from connector.models.secret import Secret, SecretField, UnreadableSecret
from connector.models.words import WordsField
from connector.models.zoho import (
    ConsentRequest,
    ProposedGrant,
    ZohoGrant,
    ZohoOrganisation,
    ZohoUser,
)

__all__ = [
    "Agent",
    "AgentToken",
    "Assignment",
    "Connection",
    "ConsentRequest",
    "CreditHour",
    "DialFormat",
    "DialIntent",
    "DialSettings",
    "DialWay",
    "ExtensionReading",
    "Installation",
    "Mirror",
    "MirroredKey",
    "MirroredPerson",
    "PbxKey",
    "ProposedGrant",
    "Pulse",
    "Queue",
    "RefusedKnock",
    "RowSource",
    "SecondStep",
    "Secret",
    "SecretField",
    "Tally",
    "TrialKey",
    "UnreadableSecret",
    "WordsField",
    "XapiToken",
    "ZohoGrant",
    "ZohoOrganisation",
    "ZohoUser",
]
