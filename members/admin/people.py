"""People and their accounts at the secretariat's desk."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from members.accounts import mail
from members.accounts.addresses import follow_the_address
from members.accounts.dormant import Use, accounts, by_use, lock, unlock, warn
from members.accounts.reach import groups_within_reach, is_within_reach, may_change_sign_in, refuse_beyond_reach
from members.admin.acts import MergePeople, ResetSecondFactor
from members.models import NameVariant, Person, User
from rifess.base.admin.confirmed_actions import WithActs
from rifess.base.admin.optimistic_lock import CarefulForm
from rifess.base.admin.pages import (
    Careful,
    ChoiceFilter,
    KeepsRowAsStored,
    SecretariatInline,
    SecretariatModelAdmin,
    Spoken,
    in_three,
)
from rifess.base.admin.reauthentication import confirm_oneself, confirmed
from rifess.base.admin.refused_saves import ShowsRefusedSaves

for kept_by_the_sign_in in (EmailAddress, Authenticator, UserSession):  # secrets, and ways around the acts of this desk
    admin.site.unregister(kept_by_the_sign_in)


class NameVariantInline(SecretariatInline):
    model = NameVariant
    fields = ["name"]


class PersonForm(CarefulForm):
    actor = None  # of the request; see `PersonAdmin.get_form`

    def clean_user(self):
        given = self.cleaned_data["user"]
        if given != self.instance.user:
            refuse_beyond_reach(self.actor, self.instance.user, given)
        return given


@admin.register(Person)
class PersonAdmin(WithActs, SecretariatModelAdmin):
    form = PersonForm
    acts = {"merge": MergePeople}
    list_display = ["name", "website", "has_account"]
    list_filter = [("user", admin.EmptyFieldListFilter)]
    search_fields = ["name__resembles", "variants__name__resembles"]
    autocomplete_fields = ["user"]
    inlines = [NameVariantInline]
    fieldsets = [(None, {"fields": ["name", in_three("biography"), "website", "slug"]})]
    access = (_("Access"), {"fields": ["user"], "description": _("Only for those who sign in. Visitors never see it.")})

    def get_fieldsets(self, request, obj=None):
        """Which account is whose, only those see and say who keep accounts: the mandates of a person are that account's."""
        found = super().get_fieldsets(request, obj)
        return [*found, self.access] if request.user.has_perm("members.change_user") else found

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.actor = request.user
        return form

    def save_model(self, request, person, form, change):
        super().save_model(request, person, form, change)
        if "user" in form.changed_data:
            before = User.objects.filter(pk=form.initial.get("user")).first()
            mail.tell_of_person(before, person.user)

    @admin.display(description=_("account"), boolean=True)
    def has_account(self, person):
        return person.user_id is not None


admin.site.unregister(Group)


@admin.register(Group)
class ConfirmedGroupAdmin(ShowsRefusedSaves, KeepsRowAsStored, GroupAdmin):
    """What a group may do reaches everybody in it."""

    @confirmed
    def changeform_view(self, request, *args, **kwargs):
        return super().changeform_view(request, *args, **kwargs)

    @confirmed
    def delete_view(self, request, *args, **kwargs):
        return super().delete_view(request, *args, **kwargs)


class UseFilter(ChoiceFilter):
    """Which accounts are used, and what was done about the others."""

    title, parameter_name = _("use"), "use"
    questions = {use.value: (use.label, lambda rows, use=use: by_use(rows, use)) for use in Use}


class AccountForm(CarefulForm, UserChangeForm):
    """An account: a page that was opened before gives nobody back what a colleague took from them."""

    def _values_of(self, row):
        return {name: value for name, value in super()._values_of(row).items() if name != "password"}  # it is only shown


@admin.register(User)
class AccountAdmin(ShowsRefusedSaves, KeepsRowAsStored, WithActs, Careful, Spoken, UserAdmin):
    """Accounts, by e-mail address. Without a password one signs in with a code sent by mail."""

    form = AccountForm
    list_display = ["email", "name", "is_staff", "is_active", "last_sign_in", "warned_on", "locked_on"]
    list_filter = [UseFilter, "is_staff", "is_active", "groups"]
    search_fields = ["email", "name__resembles"]
    ordering = ["email"]
    readonly_fields = ["last_sign_in", "date_joined", "warned_on", "locked_on"]
    acts = {"second-factor": ResetSecondFactor}
    actions = ["warn_them", "lock_them", "unlock_them"]
    fieldsets = [
        (None, {"fields": ["email", "name", "language", "password"]}),
        (_("What they may do"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_sign_in", "date_joined", "warned_on", "locked_on"]}),
    ]
    filter_horizontal, ticked = [], ["groups"]

    def has_add_permission(self, request):
        """Accounts are opened by whoever accepts an invitation."""
        return False

    def get_fieldsets(self, request, obj=None):
        """Passwords are chosen by whose they are: nobody can sign in as somebody else and leave no trace."""
        found = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return found
        return [(name, {**given, "fields": [each for each in given["fields"] if each != "password"]}) for name, given in found]

    @confirmed
    def user_change_password(self, request, id, form_url=""):
        if not request.user.is_superuser:
            raise Http404
        return super().user_change_password(request, id, form_url)

    def get_readonly_fields(self, request, obj=None):
        """Nobody gives themselves or others more than they have, nor takes over a colleague’s sign-in (members.accounts)."""
        given = list(super().get_readonly_fields(request, obj))
        if request.user.is_superuser:
            return given
        given += ["is_superuser"]
        if obj and not may_change_sign_in(request.user, obj):
            given += ["email"]
        if obj and obj == request.user:
            given += ["is_active", "is_staff"]
        if (
            obj
            and obj.pk
            and (obj == request.user or obj.groups.difference(groups_within_reach(request.user, obj.groups.all())).exists())
        ):
            given += ["groups"]
        return given

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs["queryset"] = groups_within_reach(request.user, Group.objects.all())
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @confirmed
    def changeform_view(self, request, *args, **kwargs):
        return super().changeform_view(request, *args, **kwargs)

    @confirmed
    def delete_view(self, request, *args, **kwargs):
        return super().delete_view(request, *args, **kwargs)

    def has_change_permission(self, request, obj=None):
        return self._may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        is_own = obj == request.user  # the log could not say who deleted it
        return not is_own and self._may_touch(request, obj) and super().has_delete_permission(request, obj)

    def _may_touch(self, request, user):
        return is_within_reach(request.user, user)

    def get_queryset(self, request):
        return accounts().order_by("email")

    def save_model(self, request, user, form, change):
        if user.is_active:
            user.locked_on = None
        super().save_model(request, user, form, change)
        if change and "email" in form.changed_data:
            follow_the_address(user, before=form.initial["email"], by=request.user)
            sentence = _("The former address was told. Their sessions and the links sent there have ended.")
            self.message_user(request, sentence, messages.SUCCESS)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if {"is_staff", "is_superuser", "groups"} & set(form.changed_data):
            mail.tell("rights_changed", form.instance.email, {"user": form.instance, "timestamp": timezone.now()})

    @admin.display(description=_("last sign-in"), ordering="last_login", empty_value=_("never"))
    def last_sign_in(self, user):
        return user.last_login

    @admin.action(description=_("Tell them that the account will be locked"), permissions=["change"])
    def warn_them(self, request, users):
        self._do(request, users, warn, ngettext_lazy("%(count)d person is told.", "%(count)d people are told.", "count"))

    @admin.action(description=_("Lock: no one signs in with it, and its sessions end"), permissions=["change"])
    def lock_them(self, request, users):
        self._do(request, users, lock, ngettext_lazy("%(count)d account is locked.", "%(count)d accounts are locked.", "count"))

    @admin.action(description=_("Open again what was locked"), permissions=["change"])
    def unlock_them(self, request, users):
        self._do(request, users, unlock, ngettext_lazy("%(count)d account is open.", "%(count)d accounts are open.", "count"))

    def _do(self, request, users, act, sentence):
        """Do `act` to each of `users`; say to how many it was done, and why not to others."""
        confirm_oneself(request)
        count, within_reach = 0, [user for user in users if self._may_touch(request, user)]
        if len(within_reach) < len(users):
            self.message_user(request, _("Superusers’ accounts stay as they are: only a superuser changes them."), messages.ERROR)
        for user in within_reach:
            try:
                count += act(user)
            except ValidationError as refused:
                self.message_user(request, f"{user}: {' '.join(refused.messages)}", messages.ERROR)
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS if count else messages.WARNING)
