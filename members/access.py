"""The door of the delegates' pages."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from members.models import Delegate, Standing, standing_of, standings_of
from members.models.standing import chosen
from rifess.base.dates import say_date, today_in_the_network


class ForDelegates:
    """A view for whoever has a standing today, kept in `self.standing`.

    Visitors are led to sign in and back; who speaks for several memberships, to choose one. For anybody else there is
    no such page. No page of these is kept by a browser or on the way to it.
    """

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        self.standing = standing_of(request.user)
        response = super().dispatch(request, *args, **kwargs) if self.standing else self.without_standing()
        add_never_cache_headers(response)
        return response

    def without_standing(self):
        """What is answered to a user with no standing."""
        if standings_of(self.request.user):
            return choose_first(self.request)
        raise Http404

    def refuse_another_membership(self):
        """Raise ValidationError (code "another") when what was sent was typed for a membership other than one acts for by now."""
        seat = self.standing and self.standing.membership
        if seat and self.request.POST.get("membership", str(seat.pk)) != str(seat.pk):
            sentence = _("By now you act for %(name)s, and this page was opened for another institution. Look at it once more.")
            raise ValidationError(sentence, code="another", params={"name": seat.holder_name})

    def get_context_data(self, **kwargs):
        return super().get_context_data(standing=self.standing, **kwargs)


def choose_first(request):
    """Ask in whose name before going on."""
    return redirect(f"{reverse('delegation:choose')}?{urlencode({'next': request.get_full_path()})}")


@dataclass(frozen=True)
class Acting:
    """In whose name a user acts, if in anybody's, and whether there is another to choose."""

    standing: Standing | None
    may_choose: bool


def acting(user):
    """The `Acting` of `user` today."""
    standings = standings_of(user)
    return Acting(chosen(standings, user), len(standings) > 1)


def why_without(user, day=None):
    """Why `user` has no standing on `day` (today): one sentence for each mandate they hold, held or will hold, latest first."""
    day = day or today_in_the_network()
    mandates = Delegate.objects.filter(person__user=user).with_known_from().order_by("-known_from", "-pk")
    return [_reason(mandate, day) for mandate in mandates.select_related("membership__institution")]


def _reason(mandate, day):
    seat, name = mandate.membership, mandate.membership.holder_name
    if mandate.ended_on and mandate.ended_on <= day:
        ended = say_date(mandate.ended_on, mandate.ended_on_precision, outside=True)
        return _("Your mandate for %(name)s ended on %(date)s.") % {"name": name, "date": ended}
    if seat.left_on and seat.left_on <= day:
        left = say_date(seat.left_on, seat.left_on_precision, outside=True)
        return _("%(name)s belonged to the Network until %(date)s.") % {"name": name, "date": left}
    begins, precision = (mandate.starts_on or mandate.as_of), mandate.starts_on_precision
    return _("Your mandate for %(name)s begins on %(date)s.") % {"name": name, "date": say_date(begins, precision)}
