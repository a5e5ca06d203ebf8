"""Addresses of recordings and documents; and those without a language, which the roof mounts outside the prefix."""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from recordings.views.documents import DocumentDetail, DocumentFile, DocumentList
from recordings.views.embeds import embed, oembed
from recordings.views.exports import CaptionsFile, ChaptersFile, CitationFile
from recordings.views.feeds import feed
from recordings.views.lists import RecordingList, RecordingsOfCountry, RecordingsOfPerson, RecordingsOfSeminar, RecordingsOfTopic
from recordings.views.posters import poster
from recordings.views.recordings import RecordingDetail, recording_by_key

app_name = "recordings"

recordings = [
    path("", RecordingList.as_view(), name="recordings"),
    path("feed.<slug:format>", feed, name="feed"),
    path("feeds/<slug:subject>/<slug:slug>.<slug:format>", feed, name="feed_of"),
    path(_("person/<slug:slug>/"), RecordingsOfPerson.as_view(), name="of_person"),
    path(_("topic/<slug:slug>/"), RecordingsOfTopic.as_view(), name="of_topic"),
    path(_("country/<slug:slug>/"), RecordingsOfCountry.as_view(), name="of_country"),
    path(_("seminar/<slug:slug>/"), RecordingsOfSeminar.as_view(), name="of_seminar"),
    path("<slug:slug>/", RecordingDetail.as_view(), name="recording"),
    path("<slug:slug>/chapters.<slug:format>", ChaptersFile.as_view(), name="chapters"),
    path("<slug:slug>/citation.<str:format>", CitationFile.as_view(), name="citation"),
    path("<slug:slug>/<slug:language>.<slug:kind>.<slug:format>", CaptionsFile.as_view(), name="captions"),
]
documents = [
    path("", DocumentList.as_view(), name="documents"),
    path("<slug:slug>/", DocumentDetail.as_view(), name="document"),
]
urlpatterns = [path(_("recordings/"), include(recordings)), path(_("documents/"), include(documents))]

permanent = [
    path("g/<slug:key>", recording_by_key, name="recording_by_key"),
    path("embed/<slug:key>", embed, name="embed"),
    path("oembed", oembed, name="oembed"),
]
media = [
    path("media/documents/<slug:slug>/", DocumentFile.as_view(), name="document_file"),
    path("media/documents/<slug:slug>/<int:number>/", DocumentFile.as_view(), name="document_version"),
    path("media/posters/<slug:key>/", poster, name="poster"),
]
