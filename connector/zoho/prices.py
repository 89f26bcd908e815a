"""What a request costs in API credits.

Source: Zoho's API limits, v8: an ordinary request 1; writing 1 for each 10 records; COQL 1, 2 or 3
for up to 200, 1000 or 2000 rows; deleted ids 2; counting the records of a
module 50.
"""

from collections.abc import Mapping
from typing import Any

from connector.zoho.wire import Answer, Question

ORDINARY, DELETED_IDS, RECORD_COUNT = 1, 2, 50
RECORDS_A_CREDIT = 10
QUERY_STEPS = ((200, 1), (1000, 2))
MOST_FOR_QUERY = 3
NOT_EXECUTED = (401, 429)


def price(question: Question, answer: Answer | None) -> int:
    """`answer` is None when none came: then the request is counted as if it had been executed."""
    if answer and answer.status in NOT_EXECUTED:
        return 0
    if question.path.endswith("/coql"):
        return price_query(count_records(answer.body if answer else None))
    if question.writes:
        records = count_records(question.payload.get("json"))
        return max(-(-records // RECORDS_A_CREDIT), ORDINARY)
    if question.path.endswith("/actions/count"):
        return RECORD_COUNT
    return DELETED_IDS if question.path.endswith("/deleted") else ORDINARY


def price_query(rows: int) -> int:
    return next((cost for most, cost in QUERY_STEPS if rows <= most), MOST_FOR_QUERY)


def count_records(body: Mapping[str, Any] | None) -> int:
    data = (body or {}).get("data")
    return len(data) if isinstance(data, list) else 0
