"""Everything one sandbox knows: its organisations and the tokens given out for them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import RLock

from .clock import Clock
from .keeper import Keeper
from .organisation import Organisation, Specification
from .people import seed_organisation
from .tokens import Tokens

FIRST_ID = 5_000_000_000_000_000
ID_STEP = 1_000_000_000_000_000


class Store:
    """Whoever reads or changes holds `lock`; `commit` writes to the file, where there is one."""

    def __init__(
        self,
        specifications: Sequence[Specification],
        *,
        people: int,
        data_file: str | Path | None = None,
    ) -> None:
        self.lock = RLock()
        self.clock = Clock()
        self.people = people
        self.keeper = Keeper(data_file) if data_file else None
        self.organisations = {
            spec.zgid: Organisation(spec, FIRST_ID + number * ID_STEP)
            for number, spec in enumerate(specifications)
        }
        self.home_url = ""
        self.redirect_uris = {s.client_id: list(s.redirect_uris) for s in specifications}
        self.tokens = Tokens(self.clock)
        for organisation in self.organisations.values():
            self._fill(organisation)
        self.tokens.load(self.keeper.load_state("tokens") if self.keeper else None)
        self.commit()

    def commit(self) -> None:
        shelves = {
            (zgid, module): shelf
            for zgid, organisation in self.organisations.items()
            for module, shelf in organisation.shelves.items()
        }
        if self.keeper:
            states = {zgid: o.dump_state() for zgid, o in self.organisations.items()}
            self.keeper.save(shelves=shelves, states={**states, "tokens": self.tokens.dump()})

    def find_client(self, client_id: str) -> Organisation | None:
        """The organisation that registered this client."""
        return next((o for o in self if o.specification.client_id == client_id), None)

    def __iter__(self) -> Iterator[Organisation]:
        return iter(self.organisations.values())

    def reset_data(self) -> None:
        """Back to the seed: what was delivered is gone, tokens stay valid."""
        for zgid, old in list(self.organisations.items()):
            self.organisations[zgid] = Organisation(old.specification, old.first_id)
            seed_organisation(self.organisations[zgid], people=self.people)
            if self.keeper:
                self.keeper.forget(zgid)
        self.commit()

    def close(self) -> None:
        with self.lock:
            if self.keeper:
                self.keeper.close()
                self.keeper = None

    def _fill(self, organisation: Organisation) -> None:
        state = self.keeper.load_state(organisation.zgid) if self.keeper else None
        if state is None or self.keeper is None:
            seed_organisation(organisation, people=self.people)
            return
        organisation.load_state(state)
        for module, shelf in organisation.shelves.items():
            zgid = organisation.zgid
            shelf.restore(
                self.keeper.load_records(zgid=zgid, module=module, deleted=False),
                deleted=self.keeper.load_records(zgid=zgid, module=module, deleted=True),
            )
