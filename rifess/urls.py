"""Every address of the portal. Each language has its prefix, and its own words."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from events import urls as events
from events.views.door import door
from recordings import urls as recordings
from rifess.portal.views import contact, health, home, machines, network, people, personal_data, search, search_feeds
from rifess.portal.views.pages import Privacy, TextPage

handler400 = "rifess.portal.views.errors.bad_request"
handler403 = "rifess.portal.views.errors.forbidden"
handler404 = "rifess.portal.views.errors.not_found"
handler500 = "rifess.portal.views.errors.server_error"

urlpatterns = [
    path("", machines.choose_language),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security, name="security"),
    path(".well-known/change-password", machines.change_password, name="change-password"),
    path("health/", health.health, name="health"),
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
    path("opensearch.xml", machines.open_search, name="opensearch"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", machines.sitemap_of, name="sitemap-of"),
    path("puerta/<str:code>/", door, name="door"),
    *events.permanent,
    *recordings.permanent,
    *recordings.media,
]

urlpatterns += i18n_patterns(
    path("", home.Home.as_view(), name="home"),
    path(_("registration/mine/<str:signed>/data/"), personal_data.RegistrationData.as_view(), name="registration-data"),
    path("", include("events.urls")),
    path("", include("recordings.urls")),
    path("", include("members.urls")),
    path(_("people/"), people.PeopleList.as_view(), name="people"),
    path(_("people/<slug:slug>/"), people.PersonDetail.as_view(), name="person"),
    path(_("network/"), network.Network.as_view(), name="network"),
    path(_("network/country/<slug:code>/"), network.CountryDetail.as_view(), name="country"),
    path(_("network/<slug:slug>/"), network.InstitutionDetail.as_view(), name="institution"),
    path(_("search/"), search.Search.as_view(), name="search"),
    path(_("search/feed.<slug:format>"), search_feeds.feed, name="search-feed"),
    path(_("search/suggestions/"), search.suggestions, name="search-suggestions"),
    path(_("search/moments/<slug:slug>/"), search.Moments.as_view(), name="search-moments"),
    path(_("about/"), TextPage.as_view(name="about"), name="about"),
    path(_("accessibility/"), TextPage.as_view(name="accessibility"), name="accessibility"),
    path(_("privacy/"), Privacy.as_view(), name="privacy"),
    path(_("privacy/my-data/"), personal_data.AskForMyData.as_view(), name="my-data"),
    path(_("privacy/my-data/sent/"), personal_data.MyDataSent.as_view(), name="my-data-sent"),
    path(_("privacy/my-data/<str:signed>/"), personal_data.MyDataLink.as_view(), name="my-data-link"),
    path(_("contact/"), contact.Contact.as_view(), name="contact"),
    path(_("contact/thanks/"), contact.ContactThanks.as_view(), name="contact-thanks"),
    path(_("delegation/"), include("rifess.portal.delegation_urls")),
    path(_("account/"), include("allauth.urls")),
    path("admin/", admin.site.urls),
    prefix_default_language=True,
)
