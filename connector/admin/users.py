"""Who may use the portal, and with which roles."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from connector.models import Assignment

admin.site.unregister(User)
# Rights come from roles alone: a group would be a page on which nothing has an effect.
admin.site.unregister(Group)


class AssignmentInline(TabularInline):
    model = Assignment
    extra = 0
    fields = ["role", "connection", "reads_texts"]


@admin.register(User)
class UserAdmin(BaseUserAdmin, ModelAdmin):
    """For administrators of every connection: a user is nobody's own."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = [AssignmentInline]
    list_display = ["username", "email", "show_roles", "is_active", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = (
        (None, {"fields": ("username", "password", "email", "first_name", "last_name")}),
        (_("Access"), {"fields": ("is_active", "is_superuser", "last_login", "date_joined")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("assignments__connection")

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        return self.inlines if obj else []

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """The portal has no pages for users who may not enter the admin."""
        obj.is_staff = True
        super().save_model(request, obj, form, change)

    @display(description=_("roles"))
    def show_roles(self, user: Any) -> str:
        if user.is_superuser:
            return str(Assignment.Role.ADMINISTRATOR.label)
        return ", ".join(str(row) for row in user.assignments.all()) or "–"
