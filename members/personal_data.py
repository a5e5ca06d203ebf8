"""What this room keeps of persons (rifess.base.personal_data)."""

from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import (
    Application,
    ApplicationStep,
    ContactDetails,
    CoordinationTerm,
    DataRequest,
    DeclinedNotice,
    Delegate,
    Enquiry,
    Invitation,
    MandateReminder,
    Message,
    MessageAttachment,
    NameVariant,
    Person,
    Proposal,
    ProposalTurn,
    User,
)
from rifess.base.models import FormerSlug
from rifess.base.personal_data import FORGOTTEN, NAMELESS, Fate, Kept, Words, day, deleted, moment, name_fate

SAYS_MORE = Q(website__gt="") | Q(biography_es__gt="") | Q(biography_pt_br__gt="") | Q(biography_en__gt="")
WORDS = ("legal_basis", "work", "reasons")


def forget_contact(application):
    """The contact's data and the letter go; that the institution applied, and what was decided, stay."""
    words = Words([application.contact_email], [application.contact_name])
    _delete_letter(application)
    application.letter, application.reason = "", words.taken_out_of(application.reason)
    for step in application.steps.exclude(note=""):
        ApplicationStep.objects.filter(pk=step.pk).update(note=words.taken_out_of(step.note))
    application.contact_name = application.contact_position = FORGOTTEN
    application.contact_email = application.contact_phone = application.letter_name = ""
    application.save()


def forget_application(application):
    """The application goes, and its letter with it."""
    _delete_letter(application)
    application.delete()


def _delete_letter(application):
    """The file goes once it is certain that the row does."""
    if application.letter:
        transaction.on_commit(partial(application.letter.storage.delete, application.letter.name))


def _forget_applications(applications, subject):
    """What the contact wrote goes too, and with it the notes that answer it."""
    for application in applications:
        application.steps.update(note="")
        for column in WORDS:
            setattr(application, column, getattr(application, column) and FORGOTTEN)
        application.reason = application.reason and FORGOTTEN
        forget_contact(application)


def _close_account(users, subject):
    for user in users:
        for session in user.usersession_set.all():
            session.end()
        Person.objects.filter(user=user).update(user=None)
    users.delete()


def _empty_biography(people, subject):
    for person in people:
        person.biography_es = person.biography_pt_br = person.biography_en = person.website = ""
        person.save()


def _forget_name(people, subject):
    """The name goes, with its variants and the addresses made of it."""
    if subject.name_stays:
        return
    for person in people:
        FormerSlug.objects.filter(kind=Person.slug_kind(), current=person.slug).delete()
        slug = Person.nameless_slug()
        Person.objects.filter(pk=person.pk).update(slug=slug)  # not by `save`, which would leave a redirect from the name
        person.slug, person.name = slug, NAMELESS
        person.variants.all().delete()
        person.save()


def _forget_request(requests, subject):
    requests.update(email="", words="", answer="")


def _tell_mandate(mandate):
    return {
        "for": mandate.membership.holder_name,
        "role": mandate.role,
        "starts_on": day(mandate.starts_on),
        "due_on": day(mandate.mandate_due_on),
        "ended_on": day(mandate.ended_on),
        "accreditation": mandate.accreditation,
        "shown_to_visitors": mandate.is_public,
    }


def _tell_invitation(invitation):
    return {
        "email": invitation.email,
        "role": invitation.role,
        "for": invitation.membership and invitation.membership.holder_name,
        "accreditation": invitation.accreditation,
        "invited_at": moment(invitation.invited_at),
        "accepted_at": moment(invitation.accepted_at),
    }


def _tell_message(message):
    return {
        "subject": message.subject,
        "to": message.to,
        "state": message.state,
        "written_at": moment(message.written_at),
        "sent_at": moment(message.sent_at),
    }


def _tell_enquiry(enquiry):
    return {
        "name": enquiry.name,
        "email": enquiry.email,
        "message": enquiry.text,
        "language": enquiry.language,
        "received_at": moment(enquiry.received_at),
        "answered_on": day(enquiry.answered_on),
        "suspected_spam": enquiry.is_suspected_spam,
    }


def _tell_application(application):
    return {
        "institution": application.institution_name,
        "category": application.category,
        "contact": {
            "name": application.contact_name,
            "position": application.contact_position,
            "email": application.contact_email,
            "phone": application.contact_phone,
        },
        **{column: getattr(application, column) for column in WORDS},
        "letter": application.letter_name,
        "state": application.state,
        "applied_at": moment(application.applied_at),
        "decided_at": moment(application.decided_at),
        "steps": [{"at": moment(each.at), "state": each.state, "note": each.note} for each in application.steps.all()],
    }


def _tell_proposal(proposal):
    return {
        "title": proposal.title,
        "kind": proposal.kind,
        "state": proposal.state,
        "made_at": moment(proposal.made_at),
        "contents": proposal.contents,
    }


def _tell_request(request):
    return {
        "asked_for": request.kind,
        "email": request.email,
        "words": request.words,
        "asked_at": moment(request.asked_at),
        "answered_at": moment(request.answered_at),
        "answer": request.answer,
    }


WITH_MANDATE = _("as long as the mandate, which is the history of the Network")
WITH_ACCOUNT = _("as long as the account")
INSTITUTIONS = _("They are the institution’s. With the account goes the name of who wrote them.")

KEPT = [
    Kept(
        "account",
        User,
        _("Account: addresses, password, second factor, sessions"),
        _("It can no longer be used to sign in."),
        Fate.DELETED,
        lasts=_("until the mandate ends; accounts that are not used are locked"),
        find=lambda subject: User.objects.filter(pk=subject.user.pk if subject.user else None),
        forget=_close_account,
        hidden=("password", "is_superuser"),
    ),
    deleted(
        "contact",
        ContactDetails,
        _("Telephone, position and what the directory showed"),
        _("It served for contact between delegations."),
        lasts=WITH_ACCOUNT,
        ties=("person",),
    ),
    deleted(
        "invitations",
        Invitation,
        _("Invitations"),
        _("They contain an email address. The mandate that followed stays."),
        lasts="invitations",
        addresses=("email",),
        ties=("person",),
        rows=lambda: Invitation.objects.select_related("membership__institution", "person"),
        tell=_tell_invitation,
        hidden=("nonce",),
    ),
    deleted(
        "messages",
        Message,
        _("Emails received and sent"),
        _("They have served their purpose."),
        lasts="messages",
        addresses=("to", "reply_to"),
        ties=("user",),
        rows=lambda: Message.objects.defer("html"),
        tell=_tell_message,
        hidden=("text", "html", "unsubscribe_url", "message_id", "about"),
    ),
    Kept(
        "attachments",
        MessageAttachment,
        _("Files attached to emails"),
        _("They are deleted with the email."),
        Fate.DELETED,
        lasts="messages",
        ties=("message",),
        hidden=("content",),
    ),
    deleted(
        "enquiries",
        Enquiry,
        _("Messages sent with the contact form"),
        _("They contain a name and an email address."),
        lasts="enquiries",
        addresses=("email",),
        tell=_tell_enquiry,
    ),
    Kept(
        "applications",
        Application,
        _("Applications to join, as their contact"),
        _("The institution’s application and the decision stay. The contact’s data, text and letter are deleted."),
        Fate.ANONYMIZED,
        lasts="decided_applications",
        addresses=("contact_email",),
        rows=lambda: Application.objects.prefetch_related("steps"),
        tell=_tell_application,
        forget=_forget_applications,
        hidden=("key", "letter"),
    ),
    Kept(
        "application_steps",
        ApplicationStep,
        _("What was noted when an application was decided"),
        _("The steps stay, without their text."),
        Fate.ANONYMIZED,
        lasts="decided_applications",
        ties=("application",),
    ),
    deleted(
        "notices_declined",
        DeclinedNotice,
        _("Notifications turned off"),
        _("They go with the account."),
        lasts=WITH_ACCOUNT,
        ties=("user",),
        tell=lambda notice: notice.kind,
    ),
    Kept(
        "proposals",
        Proposal,
        _("Proposals and comments"),
        INSTITUTIONS,
        Fate.ANONYMIZED,
        lasts=_("as long as what was proposed, which is the institution’s"),
        ties=("made_by",),
        rows=lambda: Proposal.objects.select_related("mandate__person", "membership__institution"),
        tell=_tell_proposal,
        hidden=("contents", "before", "accepted"),
    ),
    Kept(
        "comments",
        ProposalTurn,
        _("Comments in conversations about proposals"),
        INSTITUTIONS,
        Fate.ANONYMIZED,
        lasts=_("as long as what was proposed, which is the institution’s"),
        ties=("by",),
        tell=lambda turn: {"at": moment(turn.at), "comment": turn.comment},
    ),
    Kept(
        "mandates",
        Delegate,
        _("Mandates"),
        _("Who spoke for whom and when is the history of the Network."),
        Fate.KEPT,
        lasts=WITH_MANDATE,
        ties=("person",),
        rows=lambda: Delegate.objects.select_related("membership__institution", "person"),
        tell=_tell_mandate,
    ),
    Kept(
        "mandate_reminders",
        MandateReminder,
        _("Notifications that a mandate ends soon"),
        _("It belongs to the mandate and says nothing more."),
        Fate.KEPT,
        lasts=WITH_MANDATE,
        ties=("delegate__person",),
        rows=lambda: MandateReminder.objects.select_related("delegate__person"),
    ),
    Kept(
        "coordination",
        CoordinationTerm,
        _("Executive Coordination held"),
        _("Who coordinated the Network and when is its history."),
        Fate.KEPT,
        lasts=_("always: it is the history of the Network"),
        ties=("coordinator",),
        tell=lambda term: {"from": day(term.starts_on), "to": day(term.ends_on)},
    ),
    Kept(
        "variants",
        NameVariant,
        _("Other forms of the name in print"),
        _("They go with the name."),
        lambda subject: Fate.KEPT if subject.name_stays else Fate.DELETED,
        lasts=_("as long as the name"),
        ties=("person",),
    ),
    Kept(
        "requests",
        DataRequest,
        _("Requests about personal data"),
        _("What was asked for and when it was done stays as proof. The name, address and text of the request are deleted."),
        Fate.ANONYMIZED,
        lasts="data_requests",
        addresses=("email",),
        ties=("user", "person"),
        tell=_tell_request,
        forget=_forget_request,
    ),
    Kept(
        "biography",
        Person,
        _("Biography and website"),
        _("They were published by the person’s own wish."),
        Fate.DELETED,
        lasts=_("as long as the person wishes"),
        find=lambda subject: Person.objects.filter(SAYS_MORE, pk=subject.person.pk if subject.person else None),
        forget=_empty_biography,
        hidden=("slug", "name", "user"),
    ),
    Kept(
        "name",
        Person,
        _("Name"),
        _("It stays only where a published programme or document names the person, unless its removal was decided."),
        name_fate,
        lasts=_("always, where published programmes name the person"),
        find=lambda subject: Person.objects.filter(pk=subject.person.pk if subject.person else None),
        forget=_forget_name,
        hidden=("biography", "biography_es", "biography_pt_br", "biography_en", "website"),
    ),
]

NOTHING_OF_PERSONS = {
    "members.MailHold": "that e-mails wait after a restore",
    "members.MailOutage": "that the mail server did not answer",
    "members.Institution": "a public or social body",
    "members.Membership": "an institution's seat",
    "members.InstitutionProposal": "a part of a proposal, which is declared",
    "members.User_groups": "goes with the account",
    "members.User_user_permissions": "goes with the account",
}
