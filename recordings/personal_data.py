"""What this room keeps of persons (rifess.base.personal_data)."""

from django.utils.translation import gettext_lazy as _

from recordings.models import Consent, DocumentOpening
from rifess.base.personal_data import NAMELESS, Fate, Kept, day, moment


def _forget_reader(openings, subject):
    openings.update(user=None, name=NAMELESS)


def _tell_permission(consent):
    return {
        "recording": consent.recording.title,
        "given_on": day(consent.given_on),
        "scope": consent.scope,
        "evidence": consent.evidence,
        "withdrawn_on": day(consent.withdrawn_on),
    }


KEPT = [
    Kept(
        "permissions",
        Consent,
        _("Consent to show recordings"),
        _("It proves that what is shown may be shown. To have a recording withdrawn, ask for that."),
        Fate.KEPT,
        lasts=_("as long as the recording is shown"),
        ties=("person",),
        rows=lambda: Consent.objects.select_related("recording", "person"),
        tell=_tell_permission,
    ),
    Kept(
        "documents_opened",
        DocumentOpening,
        _("Documents opened"),
        _("That a person of the institution read it stays."),
        Fate.ANONYMIZED,
        lasts="openings",
        ties=("user",),
        rows=lambda: DocumentOpening.objects.select_related("document", "membership__institution"),
        tell=lambda opening: {
            "document": opening.document.title,
            "version": opening.number,
            "opened_at": moment(opening.opened_at),
        },
        forget=_forget_reader,
    ),
]

NOTHING_OF_PERSONS = {
    "recordings.Recording": "what was said in public",
    "recordings.Recording_languages": "of a recording",
    "recordings.Source": "where a recording lies",
    "recordings.Clip": "a range of a recording",
    "recordings.Chapter": "a range of a recording",
    "recordings.Caption": "what was said in public, and who looked its text through, as the page names them",
    "recordings.TrustedHost": "a site",
    "recordings.Document": "a paper of the Network",
    "recordings.Document_topics": "of a document",
    "recordings.DocumentVersion": "a file of a document; who added it is a stamp that goes with the account",
    "recordings.RecordingProposal": "a part of a proposal, which is declared",
    "recordings.DocumentProposal": "a part of a proposal, which is declared",
}
