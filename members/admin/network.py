"""The Network at the secretariat's desk: institutions and seats."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from members.admin.periods import InForce
from members.models import Delegate, Institution, Membership
from members.timeline import timeline
from rifess.base.admin.pages import (
    FindsCountries,
    MissingTranslation,
    SecretariatInline,
    SecretariatModelAdmin,
    in_three,
    resembles,
    source,
)
from rifess.base.periods import say_period


@admin.register(Institution)
class InstitutionAdmin(FindsCountries, SecretariatModelAdmin):
    list_display = ["name", "acronym", "country", "kind"]
    list_filter = ["kind", "country", MissingTranslation]
    translated_name = "name"
    search_fields = resembles("name", "acronym")
    fieldsets = [
        (None, {"fields": [in_three("name"), in_three("acronym"), ("kind", "country"), in_three("part_of")]}),
        (_("On its page"), {"fields": [in_three("description"), "website", "slug"]}),
        source(),
    ]


class DelegateInline(SecretariatInline):
    model = Delegate
    fields = [("person", "role"), ("starts_on", "starts_on_precision"), ("mandate_due_on", "as_of")]
    autocomplete_fields = ["person"]
    show_change_link = True


@admin.register(Membership)
class MembershipAdmin(FindsCountries, SecretariatModelAdmin):
    list_display = ["holder_name", "category", "institution", "period", "holds"]
    list_filter = ["category", InForce, ("institution", admin.EmptyFieldListFilter)]
    list_select_related = ["institution"]
    search_fields = ["country__exact", *resembles("institution__name", "institution__acronym")]
    autocomplete_fields = ["institution"]
    inlines = [DelegateInline]
    fieldsets = [
        (None, {"fields": ["category", "country", "institution"]}),
        (_("Since when"), {"fields": [("joined_on", "joined_on_precision")]}),
        (_("Until when"), {"fields": [("left_on", "left_on_precision"), in_three("end_reason")]}),
        source(),
    ]

    def get_urls(self):
        page = path("timeline/", self.admin_site.admin_view(self.timeline), name="members_membership_timeline")
        return [page, *super().get_urls()]

    def timeline(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {"title": _("Timeline"), "opts": self.opts, "line": timeline()}
        return render(request, "admin/members/membership/timeline.html", self.admin_site.each_context(request) | context)

    @admin.display(description=_("period"), ordering="joined_on")
    def period(self, membership):
        return say_period(membership, "joined_on", "left_on")

    @admin.display(description=_("in force"), boolean=True)
    def holds(self, membership):
        return membership.is_active()
