"""What this room keeps of persons (rifess.base.personal_data)."""

from django.utils.translation import gettext_lazy as _

from events.models import (
    Alert,
    Attendance,
    Certificate,
    Intervention,
    LetterTold,
    ListedParticipant,
    MeetingAttendance,
    PanelQuestion,
    PanelQuestionVote,
    PrintedPosition,
    Registration,
    RegistrationAnswer,
    RegistrationAttempt,
    SurveyResponse,
    SurveyTaken,
    Vote,
    VoteCast,
)
from events.registration import attempts
from events.registration.anonymize import forget
from rifess.base.personal_data import Fate, Kept, deleted, moment


def _known():
    found = Registration.objects.known().select_related("seminar", "notice", "listens_in")
    return found.prefetch_related(
        "answers__question", "answers__chosen", "attendances__panel", "panel_questions", "surveys_taken", "question_votes"
    )


def _said(attempt):
    return [{"question": question, "answer": answer} for question, answer in attempts.answers_in_words(attempt)]


def _forget_registrations(registrations, subject):
    for registration in registrations:
        forget(registration)


def _forget_printed_name(interventions, subject):
    if not subject.name_stays:
        interventions.update(name_as_printed="")


def _tell_registration(registration):
    return {
        "seminar": registration.seminar.title,
        "number": registration.code,
        "name": registration.name,
        "email": registration.email,
        "country": registration.country.code,
        "institution": registration.institution_name,
        "sector": registration.sector,
        "position": registration.position,
        "language": registration.language,
        "wants_to_listen_in": registration.listens_in_id,
        "needs": registration.needs,
        "form": registration.form,
        "state": registration.state,
        "origin": registration.origin,
        "written_at": moment(registration.written_at),
        "agreed_to": registration.notice and registration.notice.version,
        "agreed_at": moment(registration.agreed_at),
        "answers": [{"question": each.question.text, "answer": str(each)} for each in registration.answers.all()],
        "questions_to_the_panels": [each.text for each in registration.panel_questions.all()],
        "supported_questions": len(registration.question_votes.all()),
        "answered_the_survey": bool(registration.surveys_taken.all()),  # their answers cannot be found
        "wants_no_mailings_since": moment(registration.mailings_ended_at),
        "notes_of_the_secretariat": registration.notes,
        "attendance": [
            {"panel": each.panel and each.panel.title, "minutes": each.minutes, "known_by": each.source}
            for each in registration.attendances.all()
        ],
    }


def _tell_certificate(certificate):
    return {
        "code": certificate.code,
        "name": certificate.name,
        "kind": certificate.kind,
        "issued_at": moment(certificate.issued_at),
        "sent_to": certificate.email,
        "revoked_at": moment(certificate.revoked_at),
    }


def _tell_alert(alert):
    return {
        "email": alert.email,
        "topic": alert.topic and alert.topic.name,
        "country": alert.country.code,
        "of": [name for name in ("seminars", "recordings") if getattr(alert, f"of_{name}")],
        "since": moment(alert.asked_at),
    }


def _tell_intervention(intervention):
    return {
        "seminar": intervention.panel.seminar.title,
        "panel": intervention.panel.title,
        "role": intervention.role,
        "printed_as": intervention.printed_name,
        "summary": intervention.summary,
    }


def _tell_vote(cast):
    return {
        "consultation": cast.consultation.question,
        "for": cast.membership.holder_name,
        "answer": cast.option.text,
        "cast_at": moment(cast.cast_at),
    }


def _part_of_registration(key, model, what, why, fate=Fate.ANONYMIZED, **more):
    """Rows below a registration: they last as long as it does, and its erasure takes them along."""
    return Kept(key, model, what, why, fate, lasts=WITH_REGISTRATION, ties=("registration",), **more)


def _votes(key, model, what, tell=None):
    """Votes, kept as the institution's: found by the mandate and by the account that cast them."""
    return Kept(
        key,
        model,
        what,
        _("They are the institution’s, and the result rests on them."),
        Fate.KEPT,
        lasts=ALWAYS,
        ties=("mandate__person", "by"),
        rows=lambda: model.objects.select_related("consultation", "option", "membership__institution", "mandate__person"),
        tell=tell,
    )


WITH_REGISTRATION = "registrations"
PUBLIC_RECORD = _("Published programmes are the public record.")
ALWAYS = _("always: it is the history of the Network")

KEPT = [
    Kept(
        "registrations",
        Registration,
        _("Registrations for seminars"),
        _("The participation stays in the figures. A place that is still held becomes free."),
        Fate.ANONYMIZED,
        lasts="registrations",
        addresses=("email",),
        ties=("user",),
        rows=_known,
        tell=_tell_registration,
        forget=_forget_registrations,
        hidden=("user", "notes", "link_key"),
    ),
    Kept(
        "attempts",
        RegistrationAttempt,
        _("Registrations written again, not confirmed yet"),
        _("They go with the registration."),
        Fate.DELETED,
        lasts="unconfirmed_registrations",
        ties=("registration",),
        tell=lambda attempt: {"written_at": moment(attempt.typed_at), "typed": attempt.typed, "answers": _said(attempt)},
    ),
    _part_of_registration(
        "answers",
        RegistrationAnswer,
        _("Answers to the registration questions"),
        _("Texts are deleted. Options chosen from a list stay in the figures."),
    ),
    _part_of_registration(
        "attendances",
        Attendance,
        _("Attendance"),
        _("The attendance stays in the figures."),
    ),
    deleted(
        "listed",
        ListedParticipant,
        _("Rows of the meeting platforms’ lists"),
        _("They contain a name and an email address."),
        lasts="platform_lists",
        addresses=("email",),
        ties=("registration",),
        tell=lambda row: {"name": row.name, "email": row.email, "came_at": moment(row.came_at), "left_at": moment(row.left_at)},
    ),
    _part_of_registration(
        "letters_told",
        LetterTold,
        _("Emails about a registration"),
        _("What was sent is kept, without a name."),
        hidden=("kind", "about", "is_due_again"),  # marks by which nothing is told twice; the subject of the e-mail says it
    ),
    _part_of_registration(
        "panel_questions",
        PanelQuestion,
        _("Questions to the panels"),
        _("The question and its votes stay in the figures. Its text is deleted and no longer shown."),
    ),
    _part_of_registration(
        "question_votes",
        PanelQuestionVote,
        _("Questions of others that were supported"),
        _("The number of votes stays."),
        Fate.DELETED,
    ),
    _part_of_registration(
        "surveys_taken",
        SurveyTaken,
        _("Surveys answered"),
        _("The link to the registration is deleted. The answers were kept apart from the start, so they cannot be found."),
        rows=lambda: SurveyTaken.objects.select_related("survey__seminar", "registration"),
    ),
    Kept(
        "survey_responses",
        SurveyResponse,
        _("Answers to surveys"),
        _("They were kept without a name from the start, so it is not possible to find whose they are."),
        Fate.KEPT,
        lasts="survey_words",
        find=lambda subject: SurveyResponse.objects.none(),
    ),
    Kept(
        "certificates",
        Certificate,
        _("Certificates"),
        _(
            "Anyone who was shown a certificate can check it. Name and code stay; the email address is deleted. "
            "You can ask to have one revoked."
        ),
        Fate.KEPT,
        lasts=_("always, with the name on them, so that they can be checked"),
        addresses=("email",),
        ties=("registration", "person"),
        tell=_tell_certificate,
        forget=lambda certificates, subject: certificates.update(email=""),
        hidden=("said", "credential", "key", "names_successor"),
    ),
    deleted(
        "alerts",
        Alert,
        _("Subscriptions to email updates"),
        _("They contain an email address."),
        lasts=_("until the subscription is cancelled; some days when the address was not confirmed"),
        addresses=("email",),
        ties=("user",),
        rows=lambda: Alert.objects.select_related("topic"),
        tell=_tell_alert,
    ),
    _votes("votes", VoteCast, _("Votes cast for an institution"), _tell_vote),
    _votes("votes_in_force", Vote, _("Votes cast that count")),
    Kept(
        "interventions",
        Intervention,
        _("Talks in seminars"),
        PUBLIC_RECORD,
        Fate.KEPT,
        lasts=_("always: published programmes are the public record"),
        ties=("person",),
        rows=lambda: Intervention.objects.select_related("panel__seminar", "person"),
        tell=_tell_intervention,
        forget=_forget_printed_name,
    ),
    Kept(
        "positions",
        PrintedPosition,
        _("Positions printed in programmes"),
        PUBLIC_RECORD,
        Fate.KEPT,
        lasts=_("always: published programmes are the public record"),
        ties=("intervention__person",),
    ),
    Kept(
        "represented",
        MeetingAttendance,
        _("Who came to a meeting, in the words of its minutes"),
        _("Minutes are the record of what the Network decided. They name people in writing, not by a link: look there by hand."),
        Fate.KEPT,
        lasts=ALWAYS,
        find=lambda subject: MeetingAttendance.objects.none(),
    ),
]

NOTHING_OF_PERSONS = {
    "events.Topic": "a subject",
    "events.Seminar": "what is announced of a seminar",
    "events.Seminar_topics": "of a seminar",
    "events.Seminar_languages": "of a seminar",
    "events.Seminar_interpreted_languages": "of a seminar",
    "events.SeminarInstitution": "of a seminar",
    "events.Agreement": "what the Network decided",
    "events.AgreementNote": "what was noted of a decision; who noted it is a stamp that goes with the account",
    "events.Panel": "of a programme",
    "events.Panel_topics": "of a programme",
    "events.PanelInstitution": "of a programme",
    "events.PrivacyNotice": "the notice itself",
    "events.RegistrationTerms": "rules",
    "events.Seats": "counters",
    "events.RegistrationQuestion": "what is asked, not what is answered",
    "events.RegistrationOption": "what may be answered",
    "events.ChosenOption": "a part of an answer, which is declared and takes it along",
    "events.MissedReminder": "which letter was not sent, and to how many",
    "events.PlatformList": "a file's name; its rows are declared",
    "events.CalendarEntry": "of a seminar",
    "events.CertificateRules": "who signs certificates, an office that is printed on them",
    "events.SigningKey": "a key",
    "events.IssuingJob": "counters; who asked is a stamp that goes with the account",
    "events.Consultation": "what is asked of members",
    "events.ConsultationOption": "what is asked of members",
    "events.SeminarLetter": "words of the secretariat to all",
    "events.Mailing": "words of the secretariat to many; who wrote and sent it are stamps that go with the account",
    "events.Stream": "an address of a platform",
    "events.InterpretationChannel": "an address of a platform",
    "events.JoinLink": "an address of a platform",
    "events.SeminarInvitation": "invites a membership",
    "events.KnownColumns": "headings of lists",
    "events.SeminarProposal": "a part of a proposal, which is declared",
    "events.PanelProposal": "a part of a proposal, which is declared",
    "events.Survey": "what is asked, not what is answered",
}
