"""The participants of a list as a file: each with all that is known of them, answers and attendance too."""

from auditlog.models import LogEntry
from django.contrib.admin.views.main import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch
from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from events.admin.clocks import city_of
from events.models import Certificate, RegistrationQuestion, Seminar
from events.registration.statistics import minutes_of
from rifess.base.admin.reauthentication import confirm_oneself
from rifess.base.dates import today_in_the_network
from rifess.base.spreadsheets.writer import as_csv, as_xlsx
from rifess.base.text.translated import text_of

AT_ONCE = 1000  # rows read from the database at a time
WRITERS = {"csv": as_csv, "xlsx": as_xlsx}


class ExportsParticipants:
    """Adds to the list of participants its files. They hold what the list shows, page after page."""

    def get_urls(self):
        view = self.admin_site.admin_view
        files = [
            path(f"participants.{kind}", view(self.export), {"kind": kind}, name=f"events_registration_{kind}")
            for kind in WRITERS
        ]
        return [*files, *super().get_urls()]

    def export(self, request, kind):
        if not self.has_view_permission(request):
            raise PermissionDenied
        confirm_oneself(request)
        try:
            found = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            raise Http404 from None
        note_export(found, by=request.user)
        name = pgettext("name of a file", "participants")
        return WRITERS[kind](f"{name}-{today_in_the_network()}.{kind}", as_rows(found))


def note_export(registrations, *, by):
    """Write into the history of each seminar that its participants left as a file: how many, not who."""
    counts = dict(registrations.order_by().values_list("seminar").annotate(Count("pk")))
    for seminar in Seminar.objects.filter(pk__in=counts):
        count = counts[seminar.pk]
        sentence = ngettext("%(count)d participant of “%(seminar)s”", "%(count)d participants of “%(seminar)s”", count)
        said = _("%(whom)s, as a file") % {"whom": sentence % {"count": count, "seminar": seminar}}
        LogEntry.objects.log_create(seminar, force_log=True, action=LogEntry.Action.ACCESS, actor=by, object_repr=said)


def as_rows(registrations):
    """`registrations` as rows of cells, the first the names of the columns; moments on the clock of each one's seminar."""
    asked = RegistrationQuestion.objects.filter(seminar__in=registrations.order_by().values("seminar"))
    questions = list(asked.order_by("seminar", "position", "pk"))
    yield [*_columns(), *(text_of(question, "text").words for question in questions)]
    valid = Prefetch("certificates", Certificate.objects.valid(), to_attr="valid_certificates")
    found = registrations.select_related("seminar", "institution", "listens_in", "notice")
    found = found.prefetch_related("answers__chosen", "attendances", valid)
    for registration in found.iterator(chunk_size=AT_ONCE):
        yield [*_of(registration), *_answers(registration, questions)]


def _columns():
    return [
        *(_("seminar"), _("number"), _("name and surname"), _("email address"), _("country"), _("institution or organization")),
        *(_("institution of the Network"), _("sector"), _("position"), _("form of attendance"), _("state"), _("language")),
        *(_("wants to listen in"), _("support they need"), _("origin"), _("clock"), _("written"), _("address confirmed")),
        *(
            _("agreed to"),
            _("agreed"),
            _("place in the waiting list"),
            _("cancelled or declined"),
            _("came"),
            pgettext("length of time", "minutes"),
        ),
        *(_("how it is known"), _("certificate"), _("notes of the Secretariat")),
    ]


def _of(row):
    zone = row.seminar.zone
    came = list(row.attendances.all())
    return [
        *(row.seminar.title, row.code, row.name, row.email, row.country.name, row.institution_name),
        *(row.institution, row.get_sector_display(), row.position, row.get_form_display(), row.get_state_display()),
        *(row.get_language_display(), row.listens_in, row.needs, row.get_origin_display(), city_of(zone)),
        *(_on(row.written_at, zone), _on(row.confirmed_at, zone), row.notice, _on(row.agreed_at, zone)),
        *(row.place_in_line, _on(row.ended_at, zone), _("yes") if came else _("no"), minutes_of(came)),
        *("; ".join(sorted({str(each.get_source_display()) for each in came})),),
        *("; ".join(each.code for each in row.valid_certificates), row.notes),
    ]


def _answers(row, questions):
    given = {answer.question_id: answer for answer in row.answers.all()}
    for question in questions:
        answer = given.get(question.pk)
        if answer:
            answer.question = question
        yield answer.in_words() if answer else ""


def _on(moment, zone):
    """`moment` on the clock of `zone`, to the second, as spreadsheets write moments."""
    return timezone.localtime(moment, zone).replace(tzinfo=None, microsecond=0) if moment else None
