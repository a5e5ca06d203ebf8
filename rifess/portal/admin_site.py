"""The door of the administration: nobody passes without a second factor, and nobody is left outside without a way in."""

from itertools import islice

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import SOURCE_MODEL_VAR, IncorrectLookupParameters
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import smart_split
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.i18n import JavaScriptCatalog

from members.accounts.adapter import SECOND_FACTORS
from rifess.base.admin.autocomplete import may_be
from rifess.base.admin.deletion import MOST_NAMED, deleted_objects
from rifess.base.admin.no_log import WritesNoLog
from rifess.base.admin.row_locks import LocksRowOfForm
from rifess.base.integers import whole_number
from rifess.search.query import MOST_CHARACTERS, MOST_WORDS

MOST_AT_ONCE = 500  # rows of a list to which an action is done: two or three seconds
TOO_MANY_AT_ONCE = _("These are %(count)d rows, and at most %(most)d are changed at once. Nothing was done: use the filters.")


class PageOfThisSite(LocksRowOfForm, WritesNoLog):
    """What holds for every page of the administration, ours or a library's."""

    delete_confirmation_max_display = MOST_NAMED

    def get_deleted_objects(self, objs, request):
        return deleted_objects(objs, request, self.admin_site)

    def changelist_view(self, request, extra_context=None):
        """Of the rows to which something is to be done, those whose key no row can have are left out."""
        if chosen := request.POST.getlist(ACTION_CHECKBOX_NAME):
            request.POST = request.POST.copy()
            request.POST.setlist(ACTION_CHECKBOX_NAME, [each for each in chosen if may_be(each, self.opts.pk)])
        return super().changelist_view(request, extra_context)

    def response_action(self, request, queryset, action_location=ActionLocation.CHANGE_LIST):
        """What is done to each row of a list is one transaction, for which others wait: so many rows at once, and no more.

        An action that takes a few statements for all of them has the attribute `takes_any_number`.
        """
        is_whole = self.action_form.base_fields["select_across"].to_python(request.POST.get("select_across", ""))
        is_whole_list = is_whole and action_location == ActionLocation.CHANGE_LIST
        actions = (getattr(self, name, None) for name in request.POST.getlist("action"))
        if not is_whole_list or any(getattr(action, "takes_any_number", False) for action in actions):
            return super().response_action(request, queryset, action_location)
        if (count := queryset.count()) <= MOST_AT_ONCE:
            return super().response_action(request, queryset, action_location)
        self.message_user(request, TOO_MANY_AT_ONCE % {"count": count, "most": MOST_AT_ONCE}, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def get_object(self, request, object_id, from_field=None):
        return super().get_object(request, object_id, from_field or None)  # an empty `_to_field` names no field

    def response_add(self, request, obj, post_url_continue=None):
        """A window over a page names that page's kind as `app.model`; any other text is a wrong request."""
        if request.POST.get(SOURCE_MODEL_VAR) and request.POST[SOURCE_MODEL_VAR].count(".") != 1:
            raise BadRequest
        return super().response_add(request, obj, post_url_continue)

    def get_search_results(self, request, queryset, search_term):
        """As many words as the search page takes: each is looked for in every column, and expressions have a greatest depth."""
        words = [*islice(smart_split(search_term[:MOST_CHARACTERS]), MOST_WORDS + 1)]
        if len(words) > MOST_WORDS and request.resolver_match.url_name.endswith("_changelist"):
            sentence = gettext("Only the first %(count)d words were searched.") % {"count": MOST_WORDS}
            self.message_user(request, sentence, messages.WARNING)
        return super().get_search_results(request, queryset, " ".join(words[:MOST_WORDS]))

    def get_changelist_instance(self, request):
        """Dates beyond the calendar (the year 9999, a year of thirty digits) are wrong parameters, as Django says of others."""
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, ValueError) as error:
            if not request.GET:
                raise
            raise IncorrectLookupParameters(error) from error


def of_this_site(page):
    """`page`, a ModelAdmin's class, as a PageOfThisSite."""
    if issubclass(page, PageOfThisSite):
        return page
    return type(page.__name__, (PageOfThisSite, page), {"__module__": page.__module__})


class GuardedSite(admin.AdminSite):
    """An administration that asks for no password itself: the portal's sign-in does, and passkeys and codes are there too."""

    def register(self, model_or_iterable, admin_class=None, **options):
        super().register(model_or_iterable, of_this_site(admin_class or admin.ModelAdmin), **options)

    def has_permission(self, request):
        """The secretariat, in a session opened with a second factor."""
        return super().has_permission(request) and request.user.second_factor

    def i18n_javascript(self, request, extra_context=None):
        """The words of the administration's scripts; those that Django's catalogues lack are ours."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "rifess"])(request)

    def get_urls(self):
        on_site = path("r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site), name="view_on_site")
        return [on_site, *super().get_urls()]

    def view_on_site(self, request, content_type_id, object_id):
        """The public page of a row; of what one may not see here, not even that it is there."""
        kind = ContentType.objects.filter(pk=whole_number(content_type_id)).first()
        page = self._registry.get(kind and kind.model_class())
        row = page and page.get_object(request, object_id)
        if row is None or not page.has_view_permission(request, row) or not page.get_view_on_site_url(row):
            raise Http404
        return redirect(row)

    def login(self, request, extra_context=None):
        return ask_what_is_missing(request, wanted=_wanted(request))

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")


@never_cache
def ask_what_is_missing(request, wanted):
    """Lead whoever knocks to the step that is missing, and from there to the page that was `wanted`."""
    user = request.user
    if not user.is_authenticated:
        return redirect_to_login(wanted, resolve_url(settings.LOGIN_URL))
    if not user.is_staff:
        raise Http404
    if user.second_factor:
        return HttpResponseRedirect(wanted)  # `redirect` would take a single word for the name of a page
    if is_mfa_enabled(user, SECOND_FACTORS):
        return redirect_to_login(wanted, get_adapter().get_reauthentication_methods(user)[0]["url"])
    return render(request, "account/second_factor.html", {"wanted": wanted})


def _wanted(request):
    """The page of this site that was asked for, or the desk."""
    page = request.GET.get(REDIRECT_FIELD_NAME, "")
    if url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return page
    return reverse("admin:index")
