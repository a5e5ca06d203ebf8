"""The delegates' pages."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rifess.portal.views.delegation import (
    agreements,
    consultations,
    data,
    desk,
    directory,
    institution,
    meetings,
    notices,
    profile,
    proposals,
)

app_name = "delegation"

urlpatterns = [
    path("", desk.Desk.as_view(), name="desk"),
    path(_("choose/"), desk.Choose.as_view(), name="choose"),
    path(_("institution/"), institution.OwnInstitution.as_view(), name="institution"),
    path(_("profile/"), profile.Profile.as_view(), name="profile"),
    path(_("notices/"), notices.Notices.as_view(), name="notices"),
    path(_("data/"), data.PersonalData.as_view(), name="data"),
    path(_("data/copy/"), data.PersonalDataCopy.as_view(), name="data-copy"),
    path(_("directory/"), directory.Directory.as_view(), name="directory"),
    path(_("proposals/"), proposals.ProposalList.as_view(), name="proposals"),
    path(_("proposals/new/<slug:kind>/"), proposals.Propose.as_view(), name="propose"),
    path(_("proposals/<int:pk>/"), proposals.ProposalDetail.as_view(), name="proposal"),
    path(_("proposals/<int:pk>/change/"), proposals.EditProposal.as_view(), name="edit-proposal"),
    path(_("proposals/<int:pk>/file/"), proposals.proposal_file, name="proposal-file"),
    path(_("agreements/"), agreements.AgreementList.as_view(), name="agreements"),
    path(_("agreements/<int:pk>/"), agreements.AgreementDetail.as_view(), name="agreement"),
    path(_("consultations/"), consultations.ConsultationList.as_view(), name="consultations"),
    path(_("consultations/<int:pk>/"), consultations.ConsultationDetail.as_view(), name="consultation"),
    path(_("consultations/<int:pk>/vote/"), consultations.CastVote.as_view(), name="vote"),
    path(_("meetings/"), meetings.MeetingList.as_view(), name="meetings"),
]
