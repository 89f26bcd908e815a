"""Who may use the portal, and the users of Zoho as last fetched."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from connector.admin.readonly import ReadOnlyAdmin
from connector.models import ZohoUser

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(BaseUserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, ModelAdmin):
    pass


@admin.register(ZohoUser)
class ZohoUserAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "organisation", "active"]
    list_filter = ["organisation", "active"]
    list_select_related = ["organisation"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "active", "organisation", "zoho_id"]
