"""One step of the set-up checklist."""

from dataclasses import dataclass
from typing import Any

DONE, TODO, WRONG, UNSEEN = "done", "todo", "wrong", "unseen"


@dataclass(frozen=True, kw_only=True)
class Step:
    """`url` is a tab (#zoho) or an address, which `posts` asks by POST; `leads_to_zoho` opens it
    beside this page, as 3CX does. `inputs` are mandatory fields to fill at once (see
    field_checks.list_unfilled), `copies` a text to take along. UNSEEN: nothing has shown it yet."""

    title: str
    state: str
    reason: str = ""
    url: str = ""
    action: str = ""
    posts: bool = False
    leads_to_zoho: bool = False
    copies: str = ""
    inputs: tuple[dict[str, Any], ...] = ()

    @property
    def is_outside(self) -> bool:
        """The page with its unsaved fields stays open beside it."""
        return self.url.startswith("http")

    @property
    def level(self) -> str:
        """The colour, by the names of connector.state.Level."""
        return {DONE: "success", WRONG: "danger", TODO: "warning"}.get(self.state, "info")
