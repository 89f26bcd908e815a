"""Reports for the tests of texts and records: the samples, changed where a test says so."""

from dataclasses import replace
from typing import Any

from connector.threecx.payloads import CallReport, ChatReport
from journaling.texts.samples import make_sample_call, make_sample_chat


def make_call(kind: str = "answered_inbound", **changes: Any) -> CallReport:
    return replace(make_sample_call(kind=kind, language="en"), **changes)


def make_chat(**changes: Any) -> ChatReport:
    return replace(make_sample_chat(language="en"), **changes)
