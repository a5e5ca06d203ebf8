"""Who came to a meeting, typed on one page: a line for each member that is invited, or that came."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from events.consultations.meetings import invited_to
from events.models import MeetingAttendance, Seminar
from events.programme.forms import AttendanceForm
from members.models import Membership
from rifess.base.text.collation import sort_key


class RecordsAttendance:
    """Adds the page to the seminars' desk."""

    def get_urls(self):
        page = self.admin_site.admin_view(self.record_attendance)
        return [path("<int:pk>/attendance/", page, name="events_seminar_attendance"), *super().get_urls()]

    def record_attendance(self, request, pk):
        if not request.user.has_perm("events.change_meetingattendance"):
            raise PermissionDenied
        if request.method == "POST":
            return self._save_attendance(request, pk)
        seminar = get_object_or_404(Seminar, pk=pk)
        return self._attendance_page(request, seminar, _forms(seminar, None))

    @transaction.atomic
    def _save_attendance(self, request, pk):
        """Keep what was typed of the members that the page showed. Of two who save, the second is shown what the first wrote."""
        seminar = get_object_or_404(Seminar.objects.select_for_update(no_key=True), pk=pk)
        forms = _forms(seminar, request.POST)
        if seminar.is_cancelled:
            self.message_user(request, _("This seminar is cancelled."), messages.ERROR)
            return self._attendance_page(request, seminar, forms, status=400)
        if not all([form.is_valid() for form in forms]):
            return self._attendance_page(request, seminar, forms, status=400)
        for form in forms:
            form.write()
        self.message_user(request, _("The attendance of “%s” is saved.") % seminar, messages.SUCCESS)
        return redirect("admin:events_seminar_change", pk)

    def _attendance_page(self, request, seminar, forms, status=200):
        context = {"title": _("Attendance"), "opts": self.opts, "seminar": seminar, "forms": forms, "media": self.media}
        context = self.admin_site.each_context(request) | context
        return render(request, "admin/events/seminar/attendance.html", context, status=status)


def _forms(seminar, typed):
    """A form for each member: of what a page sent, for those that were on it, since others may have been invited meanwhile."""
    forms = _forms_of_all(seminar, typed)
    on_page = [form for form in forms if typed and form.add_prefix("seen") in typed]
    return on_page or forms


def _forms_of_all(seminar, typed):
    written = {row.membership_id: row for row in MeetingAttendance.objects.filter(seminar=seminar)}
    seats = Membership.objects.filter(pk__in={*written, *invited_to(seminar).values_list("pk", flat=True)})
    seats = sorted(seats.select_related("institution"), key=lambda seat: (seat.category, sort_key(seat.holder_name)))
    rows = [written.get(seat.pk) or MeetingAttendance(seminar=seminar, membership=seat) for seat in seats]
    return [AttendanceForm(typed, instance=row, prefix=f"m{row.membership_id}") for row in rows]
