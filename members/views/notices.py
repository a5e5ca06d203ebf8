"""One click that ends a kind of notice, from the message itself and without signing in."""

from django.http import Http404
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from members.models.notices import stopped_at
from members.notices import decline


@method_decorator(csrf_exempt, name="dispatch")  # programs of mail press it, without our cookies (RFC 8058 §3.2)
class StopNotice(View):
    def dispatch(self, request, signed):
        found = stopped_at(signed)
        if found is None:
            raise Http404
        self.user, self.kind = found
        return super().dispatch(request)

    def get(self, request):
        return render(request, "members/notice_stop.html", {"notice": self.kind.label})

    def post(self, request):
        if self.user:
            decline(self.user.pk, self.kind)
        return render(request, "members/notice_stop.html", {"notice": self.kind.label, "is_done": True})
