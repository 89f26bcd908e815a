"""Who may use the portal, and with which roles."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextInputWidget

from connector.admin.person_access import show_access
from connector.admin.row_form import RowForm
from connector.models import Assignment
from connector.moments import show_moment

admin.site.unregister(User)
# Rights come from roles alone: a group would be a page on which nothing has an effect.
admin.site.unregister(Group)


class AssignmentForm(RowForm):
    def has_changed(self) -> bool:
        """A row that was added counts, also as it is offered: a viewer of all connections."""
        return self.instance.pk is None or super().has_changed()


class AssignmentInline(TabularInline):
    model = Assignment
    form = AssignmentForm
    extra = 0
    fields = ["role", "connection", "reads_texts"]


class NewUserForm(forms.ModelForm):
    """Without a password: the person sets it by a link."""

    class Meta:
        model = User
        fields = ["username", "email", "first_name", "last_name"]
        widgets = {
            name: UnfoldAdminTextInputWidget() for name in ("username", "first_name", "last_name")
        } | {"email": UnfoldAdminEmailInputWidget()}

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        user: User = super().save(commit=commit)
        return user


@admin.register(User)
class UserAdmin(BaseUserAdmin, ModelAdmin):
    """For administrators of every connection: a user is nobody's own."""

    form = UserChangeForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    inlines = [AssignmentInline]
    actions_detail = ["access"]
    list_display = ["username", "email", "show_roles", "is_active", "show_step", "show_last_login"]
    list_filter = ["is_active", "is_superuser"]
    list_select_related = ["second_step"]
    filter_horizontal = []
    readonly_fields = ["show_last_login", "show_joined"]
    add_fieldsets = ((None, {"fields": ("username", "email", "first_name", "last_name")}),)
    fieldsets = (
        (None, {"fields": ("username", "password", "email", "first_name", "last_name")}),
        (_("Access"), {"fields": ("is_active", "is_superuser", "show_last_login", "show_joined")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("assignments__connection")

    @action(description=_("Link and log-in code"), url_path="access")
    def access(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return show_access(self, request, object_id)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """The portal has no pages for users who may not enter the admin."""
        obj.is_staff = True
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: Any = None) -> Any:
        """Nobody can log in yet: the link comes next."""
        return HttpResponseRedirect(reverse("admin:auth_user_access", args=[obj.pk]))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        url = reverse("admin:auditlog_logentry_changelist")
        return HttpResponseRedirect(f"{url}?person={object_id}")

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Written down by django-auditlog: no need for Django's own log."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """As log_addition."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """As log_addition."""

    @display(description=_("roles"))
    def show_roles(self, user: Any) -> str:
        if user.is_superuser:
            return str(Assignment.Role.ADMINISTRATOR.label)
        return ", ".join(str(row) for row in user.assignments.all()) or "–"

    @display(description=_("last log-in (UTC)"), ordering="last_login")
    def show_last_login(self, user: Any) -> str:
        return show_moment(user.last_login, zone="UTC")

    @display(description=_("added (UTC)"))
    def show_joined(self, user: Any) -> str:
        return show_moment(user.date_joined, zone="UTC")

    @display(description=_("log-in code"), boolean=True)
    def show_step(self, user: Any) -> bool:
        step = getattr(user, "second_step", None)
        return step is not None and step.confirmed_at is not None
