"""What an answer of Zoho's API means, by status and code.

Source: Zoho's v8 status codes. 401 and 429 come before anything is executed; a 5xx may come after.
"""

from typing import Any

from connector.wording import Wording as _
from connector.zoho.errors import Temporary, UnknownOutcome, ZohoError, choose_error
from connector.zoho.refusals import read_refusal
from connector.zoho.wire import Answer, Question

FOREIGN = (401, 403, 404, 407)
"""Without Zoho's JSON these come from a filter or proxy on the way, not from Zoho."""


def judge_answer(answer: Answer, *, question: Question) -> dict[str, Any] | None:
    """The JSON object of a good answer, None for an empty one; raises what a bad one means."""
    if answer.status in (204, 304):
        return None
    if answer.status >= 500:
        raise explain_outage(answer, question=question)
    if 200 <= answer.status < 300:
        if answer.body is None:
            raise explain_garbled(answer, question=question)
        return answer.body
    if answer.body and has_record_verdicts(answer):
        return answer.body
    raise explain_refusal(answer)


def has_record_verdicts(answer: Answer) -> bool:
    """`data[]`, for new fields `fields[]`: each item has a code of its own."""
    lists = [value for value in (answer.body or {}).values() if isinstance(value, list)]
    return answer.status not in (401, 429) and any(
        isinstance(item, dict) and "code" in item for items in lists for item in items
    )


def explain_outage(answer: Answer, *, question: Question) -> ZohoError:
    refusal = read_refusal(answer.body or {"message": f"HTTP {answer.status}"})
    words = _("Zoho is out of order: %(words)s.", words=refusal.words)
    if question.writes:
        return UnknownOutcome(words, code=refusal.code, status=answer.status)
    return Temporary(words, code=refusal.code, status=answer.status, retry_after=answer.retry_after)


def explain_garbled(answer: Answer, *, question: Question) -> ZohoError:
    """A page instead of JSON, or JSON that ends too early: who knows what was done."""
    words = _("Zoho's answer cannot be understood.")
    kind = UnknownOutcome if question.writes else Temporary
    return kind(words, code="garbled", status=answer.status)


def explain_refusal(answer: Answer) -> ZohoError:
    refusal = read_refusal(answer.body or {"message": f"HTTP {answer.status}"})
    kind = choose_error(status=answer.status, code=refusal.code)
    if answer.body is None and answer.status in FOREIGN:
        kind = Temporary
    error = kind(refusal.words, code=refusal.code, status=answer.status, field=refusal.field)
    if isinstance(error, Temporary):
        error.retry_after = answer.retry_after
    return error
