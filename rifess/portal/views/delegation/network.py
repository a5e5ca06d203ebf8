"""What the Network keeps for itself: read by delegates, and by the secretariat, which has no delegation."""

from django.views.generic import View

from members.access import ForDelegates


class ForTheNetwork(ForDelegates):
    """A page for delegates that the secretariat may read too, if it has the right to `permission`."""

    permission = ""

    def without_standing(self):
        if self.request.user.has_perm(self.permission):
            return View.dispatch(self, self.request, *self.args, **self.kwargs)
        return super().without_standing()
