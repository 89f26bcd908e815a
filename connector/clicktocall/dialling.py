"""One click: the number is read, the record remembered, and the agent's way to dial taken."""

import logging
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from connector.clicktocall.agents import Caller, note_dialled
from connector.clicktocall.intents import remember_intent
from connector.clicktocall.links import find_web_client, write_tel_link, write_web_client_link
from connector.clicktocall.numbers import NotDiallable, read_dialled, write_dialled
from connector.models import DialWay
from connector.phones import mask_number
from connector.places import NoPlace, Places
from connector.threecx.xapi import NoAnswer, XapiError, make_call
from connector.xapi_tokens import ask_pbx
from connector.zoho.deadline import limit_time

log = logging.getLogger(__name__)

STATUSES = {"no_number": 400, "no_extension": 409, "not_set_up": 409, "no_api": 409, "busy": 503}
DIAL_SECONDS = 5.0
"""An agent waits in front of the screen, and a thread of the web server with them."""
PLACES = Places(most=4, most_each=2)
"""A PBX that hangs may hold two of a process's threads, all of them together four."""


class NotDialled(Exception):
    """`text` tells the agent why; `url` is a web client link to dial with instead, or ""."""

    def __init__(self, text: str, *, code: str, url: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.code = code
        self.url = url

    @property
    def status(self) -> int:
        """Of the HTTP answer: 502 for what the PBX did or did not do."""
        return STATUSES.get(self.code, 502)


@dataclass(frozen=True, kw_only=True)
class Dialled:
    """What was done, or which address (`url`) does it; `text` says what happens next."""

    way: DialWay
    number: str
    text: str
    url: str = ""


def place_call(
    caller: Caller, *, number: str, module: str = "", record_id: str = "", way: str = ""
) -> Dialled:
    """Dial `number`, or say which link does. `way` overrides the agent's. Raises NotDialled."""
    rules = caller.connection.number_rules
    try:
        read = read_dialled(number, rules)
    except NotDiallable:
        raise NotDialled(_("There is no phone number in it."), code="no_number") from None
    dialled = write_dialled(read, number_format=caller.number_format, rules=rules)
    chosen = DialWay(way) if way in DialWay.values else caller.way
    remember_intent(caller, number_key=read.key, module=module, record_id=record_id)
    log.info("%s: extension %s dials %s by %s", caller.connection.slug, caller.extension,
             mask_number(dialled), chosen)  # fmt: skip
    done = dial(caller, dialled, way=chosen)
    note_dialled(caller)
    return done


def dial(caller: Caller, number: str, *, way: DialWay) -> Dialled:
    match way:
        case DialWay.XAPI:
            return dial_by_pbx(caller, number)
        case DialWay.TEL:
            return give_tel_link(number)
        case _other:
            return give_web_client_link(caller, number)


def give_web_client_link(caller: Caller, number: str) -> Dialled:
    url = write_web_client_link(caller.settings, number)
    if not url:
        raise NotDialled(_("The PBX's address is not set in the portal."), code="not_set_up")
    text = _("The 3CX web client opens with %s. Press Call there.") % number
    return Dialled(way=DialWay.WEB_CLIENT, number=number, url=url, text=text)


def give_tel_link(number: str) -> Dialled:
    text = _("%s was handed to the phone app of this computer.") % number
    return Dialled(way=DialWay.TEL, number=number, url=write_tel_link(number), text=text)


def dial_by_pbx(caller: Caller, number: str) -> Dialled:
    """Outside any transaction: the PBX is asked over HTTP."""
    url = write_web_client_link(caller.settings, number)
    if not caller.extension:
        raise NotDialled(_("You have no extension in the portal."), code="no_extension", url=url)
    order = partial(order_call, extension=caller.extension, number=number)
    try:
        with PLACES.take(caller.connection.pbx_url), limit_time(DIAL_SECONDS):
            ask_pbx(caller.settings, order, patience=DIAL_SECONDS)
    except NoPlace:
        words = _(
            "The PBX is slow: it has not answered other extensions yet. Try again in a moment."
        )
        raise NotDialled(words, code="busy", url=url) from None
    except XapiError as error:
        log.warning("%s: not dialled (%s)", caller.connection.slug, error.code)
        raise NotDialled(str(error), code=error.code, url=url) from error
    text = _("Your phone %(extension)s rings. Answer it, and the PBX dials %(number)s.")
    told = text % {"extension": caller.extension, "number": number}
    return Dialled(way=DialWay.XAPI, number=number, text=told)


def order_call(pbx_url: str, token: str, *, extension: str, number: str) -> None:
    """Raises XapiError; when the answer alone is missing, its words say that it may ring."""
    try:
        make_call(pbx_url, token=token, extension=extension, destination=number)
    except NoAnswer as error:
        words = _("The PBX did not answer in time. If your phone rings now, it dials after all.")
        raise XapiError(words, code=error.code) from error


def list_ready_ways(caller: Caller) -> list[DialWay]:
    """The ways that are set up, the agent's own first."""
    settings = caller.settings
    ready = [DialWay.TEL]
    if find_web_client(settings):
        ready.insert(0, DialWay.WEB_CLIENT)
    if settings.has_api:
        ready.append(DialWay.XAPI)
    return sorted(ready, key=lambda way: way != caller.way)
