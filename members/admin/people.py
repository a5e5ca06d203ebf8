"""People and their accounts at the secretariat's desk."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from members.admin.acts import MergePeople
from members.models import NameVariant, Person, User
from rifess.base.admin import SecretariatInline, SecretariatModelAdmin, Spoken, in_three
from rifess.base.guided import WithActs


class NameVariantInline(SecretariatInline):
    model = NameVariant
    fields = ["name"]


@admin.register(Person)
class PersonAdmin(WithActs, SecretariatModelAdmin):
    acts = {"merge": MergePeople}
    list_display = ["name", "website", "has_account"]
    list_filter = [("user", admin.EmptyFieldListFilter)]
    search_fields = ["name__resembles", "variants__name__resembles"]
    autocomplete_fields = ["user"]
    inlines = [NameVariantInline]
    fieldsets = [
        (None, {"fields": ["name", in_three("biography"), "website", "slug"]}),
        (_("Access"), {"fields": ["user"], "description": _("Only for those who sign in. Visitors never see it.")}),
    ]

    @admin.display(description=_("account"), boolean=True)
    def has_account(self, person):
        return person.user_id is not None


@admin.register(User)
class AccountAdmin(Spoken, UserAdmin):
    """Accounts, by e-mail address. Without a password one signs in with a code sent by mail."""

    list_display = ["email", "name", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["email", "name__resembles"]
    ordering = ["email"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "name", "language", "password"]}),
        (_("What they may do"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "name", "language", "usable_password", "password1", "password2"]})
    ]
    filter_horizontal, ticked = [], ["groups"]
