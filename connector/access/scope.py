"""The one place that narrows: which rows of which connections a person may have."""

from typing import Any, TypeVar

from auditlog.models import LogEntry
from django.db.models import Model, Q, QuerySet

from connector.access.roles import has_right
from connector.models import Connection, ZohoOrganisation, ZohoUser
from connector.models.access import Assignment

Row = TypeVar("Row", bound=Model)


def list_assignments(user: Any) -> list[Assignment]:
    """Read once for each request: the user object lives as long as that."""
    if not hasattr(user, "_read_assignments"):
        user._read_assignments = list(Assignment.objects.filter(user_id=user.pk))
    found: list[Assignment] = user._read_assignments
    return found


def find_connections(user: Any, right: str) -> set[int] | None:
    """Ids of the connections for which the user has the right; None stands for all of them."""
    if not user.is_active:
        return set()
    if user.is_superuser:
        return None
    giving = [row for row in list_assignments(user) if has_right(row, right)]
    if any(row.connection_id is None for row in giving):
        return None
    return {row.connection_id for row in giving if row.connection_id}


def has_everywhere(user: Any, right: str) -> bool:
    """Whether the right is theirs for every connection, and so for the portal itself."""
    return find_connections(user, right) is None


def narrow(rows: QuerySet[Row], user: Any, *, right: str) -> QuerySet[Row]:
    """Only the rows of connections for which the user has the right.

    Rows of the portal itself, without a connection, are left to those who have it for all.
    """
    ids = find_connections(user, right)
    return rows if ids is None else rows.filter(belongs_to(rows.model, ids))


def belongs_to(model: type[Model], ids: set[int]) -> Q:
    """Raises FieldDoesNotExist for a model that no connection is known of."""
    if model is Connection:
        return Q(pk__in=ids)
    if model is ZohoOrganisation:
        return Q(pk__in=list_organisations(ids))
    if model is ZohoUser:
        return Q(organisation__in=list_organisations(ids))
    if model is LogEntry:
        return Q(additional_data__connection__in=ids)
    model._meta.get_field("connection")
    return Q(connection__in=ids)


def list_organisations(ids: set[int]) -> list[int]:
    granted = Connection.objects.filter(pk__in=ids, grant__isnull=False)
    return list(granted.values_list("grant__organisation", flat=True))


def covers(user: Any, right: str, row: Model) -> bool:
    """Whether the user has the right for this stored row."""
    ids = find_connections(user, right)
    if ids is None:
        return True
    if isinstance(row, Connection):
        return row.pk in ids
    if hasattr(row, "connection_id"):
        return row.connection_id in ids
    return (
        bool(ids)
        and type(row)._default_manager.filter(belongs_to(type(row), ids), pk=row.pk).exists()
    )
