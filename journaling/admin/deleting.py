"""Deleting connections in the admin: says what goes, lists no rows, tells Zoho afterwards."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from connector.models import Connection
from journaling.ending.removal import Removed, count_rows, list_consequences, remove_connection

Described = tuple[list[Any], dict[str, int], set[str], list[Any]]


class DeletesInOne:
    """Of a ModelAdmin of connections: rights on the connection are rights on all that it holds."""

    def get_deleted_objects(self, objs: Iterable[Connection], request: HttpRequest) -> Described:
        sentences: list[Any] = []
        counts: dict[str, int] = {}
        for connection in objs:
            sentences += [connection.name, list(list_consequences(connection))]
            for name, number in count_rows(connection).items():
                counts[name] = counts.get(name, 0) + number
        return sentences, counts, set(), []

    def delete_model(self, request: HttpRequest, obj: Connection) -> None:
        removed = remove_connection(obj)
        transaction.on_commit(lambda: tell_zoho(request, removed))

    def delete_queryset(self, request: HttpRequest, queryset: Iterable[Connection]) -> None:
        for connection in list(queryset):
            self.delete_model(request, connection)


def tell_zoho(request: HttpRequest, removed: Removed) -> None:
    if not removed.revoke():
        words = _(
            "Zoho did not take the authorization of %s back. Remove it there: Zoho Accounts › "
            "Settings › Authorised apps."
        )
        messages.warning(request, words % removed.connection.name)
