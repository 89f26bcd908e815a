"""A new condition that keeps records out holds at once; reading everything anew takes longer."""

import logging

from connector.models.keep_out import Condition
from connector.sync.storing import forget_people
from connector.sync.work import Work
from connector.zoho.errors import Rejected
from connector.zoho.pages import MOST_ROWS
from connector.zoho.records import query, quote_coql

log = logging.getLogger(__name__)

UNQUOTED = (
    *("boolean", "integer", "bigint", "double", "currency"),
    *("lookup", "ownerlookup", "userlookup", "multi_module_lookup"),
)


def hide_people(work: Work) -> None:
    """Forget whom Zoho names for each condition. What cannot be asked is found by reading."""
    for condition in work.conditions:
        try:
            hide(work, condition)
        except Rejected as error:
            log.info("the condition on %s was not asked for: %s", condition.field, error)


def hide(work: Work, condition: Condition) -> None:
    test, last = write_test(work, condition), "0"
    while True:
        rows = query(
            work.client,
            f"select id from {condition.module} where ({test}) and id > {last} "  # noqa: S608
            f"order by id limit {MOST_ROWS}",
        )
        ids = [str(row["id"]) for row in rows]
        forget_people(ids, module=work.module, organisation=work.organisation)
        work.lease.write()
        if len(ids) < MOST_ROWS:
            return
        last = ids[-1]


def write_test(work: Work, condition: Condition) -> str:
    """In COQL; a field that is empty has no value, so it differs from every value."""
    field = condition.field
    if not condition.value:
        return f"{field} is {'' if condition.is_equal else 'not '}null"
    facts = work.organisation.fields.get(condition.module, {}).get(field, {})
    plain = facts.get("type") in UNQUOTED and condition.value.isalnum()
    value = condition.value if plain else quote_coql(condition.value)
    return f"{field} = {value}" if condition.is_equal else f"{field} != {value} or {field} is null"
