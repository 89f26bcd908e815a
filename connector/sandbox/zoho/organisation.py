"""One fake organisation of Zoho: who works there and what its CRM holds."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from .schema import MODULES, NAME_FIELDS, STANDARD, Field
from .shelf import Shelf

HIDDEN = "$sandbox_"  # prefix of what the sandbox notes on a record and Zoho never answers


LAYOUTS = ("Standard", "Service")
"""Every module has both."""


@dataclass(frozen=True)
class Specification:
    """What makes an organisation. No redirect address listed = every address is accepted."""

    name: str = "Acme Ltd"
    domain: str = "acme.example"
    zgid: str = "20061000001"
    client_id: str = "1000.SANDBOX"
    client_secret: str = "sandbox-secret"  # noqa: S105  documented, opens nothing but the sandbox
    time_zone: str = "Europe/London"
    redirect_uris: tuple[str, ...] = ()


NAMES = ("Acme Ltd", "Birch GmbH", "Cedar SARL", "Douglas Inc", "Elm & Sons", "Fir AG", "Gum Pty")


def list_specifications(count: int) -> list[Specification]:
    """As many organisations: 1000.SANDBOX with sandbox-secret, 1000.SANDBOX2 with -secret2 .."""
    made = [Specification()]
    for number in range(2, count + 1):
        name = NAMES[number - 1] if number <= len(NAMES) else f"Firm {number} Ltd"
        made.append(
            Specification(
                name=name,
                domain=f"{name.split()[0].lower()}{number if number > len(NAMES) else ''}.example",
                zgid=str(20_061_000_000 + number),
                client_id=f"1000.SANDBOX{number}",
                client_secret=f"sandbox-secret{number}",
            )
        )
    return made


@dataclass
class User:
    id: str
    email: str
    full_name: str
    status: str = "active"  # active | disabled | deleted
    confirm: bool = True
    admin: bool = False
    phone: str = ""
    time_zone: str = "Europe/London"

    def describe(self) -> dict[str, Any]:
        """The shape of `GET /users`."""
        first, _, last = self.full_name.partition(" ")
        profile = "Administrator" if self.admin else "Standard"
        return {
            "id": self.id,
            "full_name": self.full_name,
            "first_name": first,
            "last_name": last,
            "email": self.email,
            "status": self.status,
            "confirm": self.confirm,
            "phone": self.phone or None,
            "mobile": None,
            "profile": {"name": profile, "id": "26011" if self.admin else "26014"},
            "role": {"name": "CEO" if self.admin else "Manager", "id": "26005"},
            "time_zone": self.time_zone,
            "locale": "en_GB",
            "type": "Regular User",
        }

    def refer(self) -> dict[str, str]:
        return {"name": self.full_name, "id": self.id, "email": self.email}


@dataclass
class Organisation:
    """Shelves by module, users by id, and what control switched on for it."""

    specification: Specification
    first_id: int
    users: dict[str, User] = field(default_factory=dict)
    workflows: Counter[str] = field(default_factory=Counter)
    required: dict[str, list[str]] = field(default_factory=dict)
    deleted_keeps_unique: bool = False

    def __post_init__(self) -> None:
        self.shelves = {module: Shelf(module, STANDARD[module]) for module in MODULES}
        self.next_number = self.first_id

    @property
    def zgid(self) -> str:
        return self.specification.zgid

    def take_id(self) -> str:
        self.next_number += 1
        return str(self.next_number)

    def find_user(self, email: str) -> User | None:
        return next((u for u in self.users.values() if u.email == email.strip().lower()), None)

    def name_of(self, *, module: str, record_id: str) -> str | None:
        return self.shelves[module].name_of(record_id, field=NAME_FIELDS[module])

    def add_field(self, module: str, custom: Field) -> None:
        self.shelves[module].add_field(custom)

    def list_layouts(self, module: str) -> dict[str, str]:
        """Names by id; ids that no record has: they stand below those of the records."""
        first = self.first_id - 1_000_000 + MODULES.index(module) * 1000 + 900
        return {str(first + number): name for number, name in enumerate(LAYOUTS)}

    def list_required(self, module: str, *, layout: str = LAYOUTS[0]) -> list[str]:
        """What was demanded by the control address, the standard layout alone demands."""
        fields = self.shelves[module].fields.values()
        further = self.required.get(module, []) if layout == LAYOUTS[0] else []
        return [f.api_name for f in fields if f.required] + further

    def describe(self) -> dict[str, Any]:
        """The shape of `GET /org`."""
        spec = self.specification
        return {
            "id": str(self.first_id),
            "company_name": spec.name,
            "zgid": spec.zgid,
            "domain_name": f"org{spec.zgid}",
            "primary_email": f"integration@{spec.domain}",
            "time_zone": spec.time_zone,
            "country_code": "GB",
            "currency": "British Pound",
            "iso_code": "GBP",
            "currency_symbol": "£",
            "type": "production",
            "license_details": {
                "paid": True,
                "paid_type": "enterprise",
                "paid_expiry": None,
                "trial_type": None,
                "trial_expiry": None,
                "users_license_purchased": 25,
            },
        }

    def dump_state(self) -> dict[str, Any]:
        """All but the records, for the file."""
        custom = {
            module: [asdict(f) for f in shelf.fields.values() if f.custom]
            for module, shelf in self.shelves.items()
        }
        return {
            "users": [asdict(user) for user in self.users.values()],
            "workflows": dict(self.workflows),
            "next_number": self.next_number,
            "custom_fields": {module: fields for module, fields in custom.items() if fields},
            "required": self.required,
            "deleted_keeps_unique": self.deleted_keeps_unique,
        }

    def load_state(self, state: dict[str, Any]) -> None:
        self.users = {user["id"]: User(**user) for user in state["users"]}
        self.workflows = Counter(state["workflows"])
        self.next_number = state["next_number"]
        self.required = state["required"]
        self.deleted_keeps_unique = state["deleted_keeps_unique"]
        for module, fields in state["custom_fields"].items():
            for custom in fields:
                self.add_field(module, Field(**{**custom, "values": tuple(custom["values"])}))
