"""What is done with documents: another version, minutes on their way to approval, and who opened what."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.programme.status import refuse_cancelled
from members.models import Audience, Delegate, MembershipCategory, User, standing_of
from members.outbox import mail
from recordings.models import Consent, DocumentKind, DocumentOpening, DocumentVersion, MinutesState
from recordings.models.versions import read_upload
from rifess.base.database.locking import lock_and_refresh
from rifess.base.dates import today_in_the_network


@transaction.atomic
def add_version(document, file, *, by, changes="", name="") -> DocumentVersion:
    """Keep `file` (open, with a name unless another `name` is given) as the last version of `document`.

    Raises ValidationError: codes "gone", "approved" for minutes whose text was approved, "file_and_link" and those of
    `read_upload`.
    """
    lock_and_refresh(document)
    document.refuse_another_text()
    if document.url:
        raise ValidationError(_("Give a file or a link, not both."), code="file_and_link")
    last = document.versions.first()
    version = DocumentVersion(
        document=document,
        number=last.number + 1 if last else 1,
        changes=changes,
        added_by=by,
        **read_upload(file, name=name or file.name, after=last),
    )
    version.file.save(version.name, file, save=False)
    version.save()
    return version


@transaction.atomic
def circulate(document, *, tell=True):
    """Let the delegates of the members read draft minutes and, unless not `tell`, write to each; return to how many.

    Raises ValidationError: codes "state", "no_text", "closed_seminar", "permission".
    """
    _require(document, MinutesState.DRAFT)
    refuse_to_open(document)
    document.state = MinutesState.CIRCULATED
    document.save(update_fields=["state"])
    readers = list(readers_by_mail()) if tell else []
    for reader in readers:
        context = {"document": document, "name": reader.get_short_name()}
        mail.write("minutes_circulated", to=reader.email, language=reader.language, context=context, user=reader, about=document)
    return len(readers)


def refuse_to_open(document):
    """Raise ValidationError when there is nothing to circulate, when no member could read it, and when it is not to be read."""
    if not (document.url or document.versions.exists()):
        raise ValidationError(_("There is nothing to read yet: add the file first."), code="no_text")
    seminar = document.seminar
    if seminar and (seminar.published_at is None or seminar.audience == Audience.SECRETARIAT):
        raise ValidationError(_("The members do not see its seminar yet. Publish that first."), code="closed_seminar")
    _refuse_a_permission(document)


def _refuse_a_permission(document):
    if Consent.objects.filter(document=document).exists():
        raise ValidationError(_("This is a speaker’s signed consent: it stays with the Secretariat."), code="permission")


def may_still_read(document, message, now):
    """Why a message that minutes are circulated does not leave any more; empty when it does (members.outbox.delivery)."""
    if document.kind != DocumentKind.MINUTES or document.state == MinutesState.DRAFT:
        return "The minutes are a draft again."
    reads = message.user and type(document).objects.visible_to(message.user).filter(pk=document.pk).exists()
    return "" if reads else "They may not read the minutes any more."


def readers_by_mail():
    """The accounts of all who speak for a member today, each once."""
    mandates = Delegate.objects.on().in_active_memberships()
    return mandates.filter(membership__category=MembershipCategory.MEMBER).accounts()


@transaction.atomic
def approve(document, *, on, meeting=None, audience=None):
    """Write down that circulated minutes were approved `on` a day, at `meeting` if the portal knows it; `audience` reads them.

    Raises ValidationError: codes "state", "future", "permission", "cancelled" for a meeting that did not take place.
    """
    _require(document, MinutesState.CIRCULATED)
    if on > today_in_the_network():
        raise ValidationError({"on": ValidationError(_("This day is still to come."), code="future")})
    if meeting:
        refuse_cancelled(meeting)
    _refuse_a_permission(document)
    document.state, document.approved_on, document.approving_meeting = MinutesState.APPROVED, on, meeting
    document.audience = audience or document.audience
    document.save(update_fields=["state", "approved_on", "approving_meeting", "audience"])


@transaction.atomic
def take_back(document):
    """One step back: circulated minutes are a draft again, approved ones are circulated.

    Raises ValidationError (code "state") for drafts.
    """
    _require(document, MinutesState.CIRCULATED, MinutesState.APPROVED)
    steps = {MinutesState.CIRCULATED: MinutesState.DRAFT, MinutesState.APPROVED: MinutesState.CIRCULATED}
    document.state = steps[document.state]
    document.approved_on = document.approving_meeting = None
    document.save(update_fields=["state", "approved_on", "approving_meeting"])


def _require(document, *states):
    lock_and_refresh(document)
    if document.kind != DocumentKind.MINUTES or document.state not in states:
        raise ValidationError(_("Meanwhile someone changed these minutes. Look at them again."), code="state")


def versions_open_to(user, document):
    """The versions of `document` (with `versions` brought along) that one who may read it may open, the last first."""
    all_of_them = document.shows_versions or user.has_perm("recordings.view_document")
    return list(document.versions.all())[: None if all_of_them else 1]


def is_told(document, user):
    """Whether it is written down when `user` opens a file of `document`: a delegate, and not everyone may read it."""
    return standing_of(user) is not None and not type(document).objects.public().filter(pk=document.pk).exists()


@transaction.atomic
def note_opening(version, *, by, now=None):
    """Write down that `by`, who acts for a membership, opened `version`; parts and repetitions within an hour are one opening."""
    standing, now = standing_of(by), now or timezone.now()
    if standing is None:
        return
    User.objects.select_for_update().get(pk=by.pk)  # two parts of one file may be asked for at once
    mine = DocumentOpening.objects.filter(document=version.document_id, number=version.number, user=by)
    if not mine.filter(membership=standing.membership).lately(now).exists():
        name = standing.mandate.person.name
        mine.create(
            document_id=version.document_id,
            number=version.number,
            user=by,
            name=name,
            membership=standing.membership,
            opened_at=now,
        )
