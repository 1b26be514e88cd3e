"""People, units, terms and roles, for support staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.utils.translation import gettext_lazy as _

from blendedu.people.models import Appointment, Cohort, Group, Holiday, Term, Unit, User
from blendedu.people.services import place_unit

if TYPE_CHECKING:
    from django.http import HttpRequest


class AppointmentInline(admin.TabularInline):
    model = Appointment
    extra = 0


class NewUserForm(AdminUserCreationForm):
    """Without a password the person sets one through the mail for a forgotten password."""

    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()


@admin.register(User)
class PeopleAdmin(UserAdmin):
    add_form = NewUserForm
    list_display = ("name", "email", "is_active", "last_login")
    list_filter = ("is_active", "is_staff", "appointments__role")
    search_fields = ("name", "email")
    ordering = ("name", "email")
    readonly_fields = ("last_login", "date_joined")
    inlines = (AppointmentInline,)
    fieldsets = (
        (None, {"fields": ("name", "email", "password", "language", "mail_rhythm")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)

    # SECURITY: whoever may keep people could otherwise make themselves an owner, or take an owner's account over.
    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:  # as the admin declares it
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, "is_staff", "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_below(obj, request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_below(obj, request)


def _is_below(person: User | None, request: HttpRequest) -> bool:
    return person is None or request.user.is_superuser or not person.is_superuser


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ("name", "parent")

    def clean_parent(self) -> Unit | None:
        parent: Unit | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and parent.path.startswith(self.instance.path):
            raise forms.ValidationError(_("A unit cannot stand below itself."))
        return parent


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    form = UnitForm
    list_display = ("name", "parent")
    search_fields = ("name",)
    ordering = ("path",)

    def save_model(self, request: HttpRequest, obj: Unit, form: forms.ModelForm, change: bool) -> None:
        place_unit(obj)


class HolidayInline(admin.TabularInline):
    model = Holiday
    extra = 1


@admin.register(Term)
class TermAdmin(admin.ModelAdmin):
    list_display = ("name", "unit", "starts_on", "ends_on")
    inlines = (HolidayInline,)


@admin.register(Appointment)
class AppointmentAdmin(admin.ModelAdmin):
    list_display = ("user", "role", "unit")
    list_filter = ("role", "unit")
    autocomplete_fields = ("user", "unit")
    search_fields = ("user__name", "user__email")

    def get_queryset(self, request: HttpRequest) -> Any:  # the admin's own untyped queryset
        return super().get_queryset(request).select_related("user", "unit")


@admin.register(Cohort)
class CohortAdmin(admin.ModelAdmin):
    list_display = ("name", "unit")
    search_fields = ("name",)


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):
    list_display = ("name", "cohort")
    search_fields = ("name", "cohort__name")
