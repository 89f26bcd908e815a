"""Django asks here what a user may do: the answer comes from roles alone."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from connector.access.roles import RIGHTS, has_right
from connector.access.scope import covers, find_connections, list_assignments


class RoleBackend(ModelBackend):
    """Groups and single permissions of Django give nothing: one way to give rights is enough."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Without an object: whether there is any connection for which they have the right."""
        if not user_obj.is_active or user_obj.is_anonymous:
            return False
        if obj is not None:
            return covers(user_obj, perm, obj)
        ids = find_connections(user_obj, perm)
        return ids is None or bool(ids)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(
            right.startswith(f"{app_label}.") for right in self.get_all_permissions(user_obj)
        )

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous:
            return set()
        known = frozenset().union(*RIGHTS.values())
        rows = list_assignments(user_obj)
        return {right for right in known if any(has_right(row, right) for row in rows)}
