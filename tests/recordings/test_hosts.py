"""Which site an address is of, how one goes to a second of it, and what a browser must be let load."""

import pytest
from django.core.exceptions import ValidationError

from rifess.links.hosts import Host, Place, embed_at, is_audio, origins, page_at, recognize
from rifess.links.oembed import endpoint_for

ID = "dQw4w9WgXcQ"
YOUTUBE = Place(Host.YOUTUBE, f"https://www.youtube.com/watch?v={ID}", ID)
VIMEO = Place(Host.VIMEO, "https://vimeo.com/123456789", "123456789")
UNLISTED = Place(Host.VIMEO, "https://vimeo.com/123456789/abcdef1234", "123456789/abcdef1234")
PEERTUBE = Place(Host.PEERTUBE, "https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv", "kkGMgK9ZtnKfYAgnEtQxbv")
FILE = Place(Host.FILE, "https://example.org/a/seminario.mp4")
LINK = Place(Host.LINK, "https://example.org/seminario")


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.youtube.com/watch?v={ID}",
        f"http://youtube.com/watch?v={ID}",
        f"  https://www.youtube.com/watch?v={ID}\n",
        f"https://www.youtube.com/watch?v={ID}&t=1h2m3s",
        f"https://www.youtube.com/watch?v={ID}&list=PLabc&index=4&t=90",
        f"https://www.youtube.com/watch?app=desktop&v={ID}#t=90",
        f"https://m.youtube.com/watch?v={ID}&utm_source=x",
        f"https://music.youtube.com/watch?v={ID}&si=abc",
        f"https://youtu.be/{ID}",
        f"https://youtu.be/{ID}?si=abcdef&t=90",
        f"https://youtu.be/{ID}?list=PLabc",
        f"https://www.youtube.com/live/{ID}?feature=share",
        f"https://www.youtube.com/shorts/{ID}",
        f"https://www.youtube.com/embed/{ID}?start=90&rel=0",
        f"https://www.youtube.com/v/{ID}",
        f"https://www.youtube.com/watch/{ID}",
        f"https://www.youtube-nocookie.com/embed/{ID}",
        f"https://studio.youtube.com/video/{ID}/edit",
        f"https://WWW.YouTube.com./watch?v={ID}",
    ],
)
def test_every_way_of_writing_a_youtube_address_is_one(address):
    assert recognize(address) == YOUTUBE


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://vimeo.com/123456789", VIMEO),
        ("https://www.vimeo.com/123456789/", VIMEO),
        ("https://vimeo.com/123456789?share=copy#t=90s", VIMEO),
        ("https://vimeo.com/channels/staffpicks/123456789", VIMEO),
        ("https://vimeo.com/groups/economia/videos/123456789", VIMEO),
        ("https://vimeo.com/showcase/77/video/123456789", VIMEO),
        ("https://vimeo.com/manage/videos/123456789", VIMEO),
        ("https://player.vimeo.com/video/123456789?dnt=1#t=90s", VIMEO),
        ("https://vimeo.com/123456789/abcdef1234", UNLISTED),
        ("https://vimeo.com/123456789/abcdef1234?fbclid=x", UNLISTED),
        ("https://player.vimeo.com/video/123456789?h=abcdef1234&title=0", UNLISTED),
        ("https://player.vimeo.com/video/123456789?h=%22%3E%3Cscript%3E", VIMEO),
        ("https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv", PEERTUBE),
        ("https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv?start=1m30s&subtitle=es", PEERTUBE),
        ("https://tube.example/videos/watch/kkGMgK9ZtnKfYAgnEtQxbv", PEERTUBE),
        ("https://tube.example/videos/embed/kkGMgK9ZtnKfYAgnEtQxbv?start=90s", PEERTUBE),
        ("https://example.org/a/seminario.mp4", FILE),
        ("https://example.org/a/seminario.mp4#t=90", FILE),
        ("https://example.org/a/seminario.mp4?utm_medium=x&UTM_campaign=y", FILE),
        ("https://example.org/a.webm?key=1&t=2", Place(Host.FILE, "https://example.org/a.webm?key=1&t=2")),
        *(
            (f"https://example.org/a.{end}", Place(Host.FILE, f"https://example.org/a.{end}"))
            for end in ["m4v", "ogv", "mp3", "m4a", "ogg", "MP3"]
        ),
        ("http://testserver/static/a.webm", Place(Host.FILE, "http://testserver/static/a.webm")),
    ],
)
def test_sites_are_recognized_however_they_are_written(address, place):
    assert recognize(address) == place


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/seminario", ""),
        ("https://example.org/s?fbclid=x&id=7&utm_source=y&t=555", "https://example.org/s?id=7&t=555"),
        ("https://example.org/s?q=a%20b+c&&d", ""),
        ("https://www.facebook.com/watch/?v=123456789&mibextid=x", "https://www.facebook.com/watch/?v=123456789"),
        ("https://fb.watch/abcdef/", ""),
        ("https://drive.google.com/file/d/abc/view", ""),
        ("https://commons.wikimedia.org/wiki/File:Seminario.webm", ""),
        ("https://www.youtube.com/playlist?list=PLabc", ""),
        ("https://www.youtube.com/embed/videoseries?list=PLabc", ""),
        ("https://www.youtube.com/embed/live_stream?channel=UCabc", ""),
        ("https://www.youtube.com/@rifess/live", ""),
        ("https://www.youtube.com/watch?v=corto", ""),
        ("https://youtube.com.example.org/watch?v=dQw4w9WgXcQ", ""),
        ("https://notyoutube.com/watch?v=dQw4w9WgXcQ", ""),
        ("https://vimeo.com/event/123456", ""),
        ("https://tube.example/w/p/kkGMgK9ZtnKfYAgnEtQxbv", ""),
        ("https://tube.example/videos/watch/playlist/kkGMgK9ZtnKfYAgnEtQxbv", ""),
    ],
)
def test_everything_else_stays_a_plain_link_without_tracking(address, kept):
    assert recognize(address) == Place(Host.LINK, kept or address)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "address"),
        ("grabación", "address"),
        ("https://", "address"),
        ("javascript:alert(1)", "address"),
        ("javascript://youtube.com/watch?v=dQw4w9WgXcQ", "address"),
        ("data:text/html,<script>alert(1)</script>", "address"),
        ("file:///etc/passwd", "address"),
        ("ftp://example.org/a.mp4", "address"),
        ("//youtu.be/dQw4w9WgXcQ", "address"),
        ("https://youtu.be@example.org/dQw4w9WgXcQ", "userinfo"),
        ("https://ana:clave@example.org/a.mp4", "userinfo"),
        ("https://example.org\\@youtu.be/dQw4w9WgXcQ", "characters"),
        ("https://example.org/a b.mp4", "characters"),
        ("https://exam\u200bple.org/a.mp4", "characters"),
        ("http://localhost/a.mp4", "inside"),
        ("http://localhost:8000/a.mp4", "inside"),
        ("http://127.0.0.1/a.mp4", "inside"),
        ("http://127.1/a.mp4", "inside"),
        ("http://2130706433/a.mp4", "inside"),
        ("http://0x7f.1/a.mp4", "inside"),
        ("http://[::1]/a.mp4", "inside"),
        ("http://[::ffff:10.0.0.1]/a.mp4", "inside"),
        ("http://10.0.0.8/w/kkGMgK9ZtnKfYAgnEtQxbv", "inside"),
        ("http://169.254.169.254/latest/meta-data", "inside"),
        ("http://videos.internal/a.mp4", "inside"),
        ("http://testserver.example.local/a.mp4", "inside"),
        ("http://testserver:22/a.mp4", "port"),
        ("http://testserver@10.0.0.8/a.mp4", "userinfo"),
        ("http://testserver/a\\b.mp4", "characters"),
        (f"https://example.org/{'a' * 3000}.mp4", "length"),
    ],
)
def test_an_address_where_nobody_may_go_is_refused(address, code):
    with pytest.raises(ValidationError) as refusal:
        recognize(address)

    assert refusal.value.error_dict["url"][0].code == code
    assert str(refusal.value.error_dict["url"][0].message)


@pytest.mark.parametrize(
    ("place", "page", "embed"),
    [
        (
            YOUTUBE,
            f"https://www.youtube.com/watch?v={ID}&t=90",
            f"https://www.youtube-nocookie.com/embed/{ID}?rel=0&playsinline=1&enablejsapi=1&start=90&end=125",
        ),
        (VIMEO, "https://vimeo.com/123456789#t=90s", "https://player.vimeo.com/video/123456789?dnt=1#t=90s"),
        (
            UNLISTED,
            "https://vimeo.com/123456789/abcdef1234#t=90s",
            "https://player.vimeo.com/video/123456789?h=abcdef1234&dnt=1#t=90s",
        ),
        (
            PEERTUBE,
            "https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv?start=90s",
            "https://tube.example/videos/embed/kkGMgK9ZtnKfYAgnEtQxbv?warningTitle=0&p2p=0&start=90s&stop=125s",
        ),
        (FILE, "https://example.org/a/seminario.mp4#t=90", "https://example.org/a/seminario.mp4#t=90"),
        (LINK, "https://example.org/seminario", "https://example.org/seminario"),
    ],
)
def test_each_site_opens_and_plays_at_the_second(place, page, embed):
    assert page_at(place, 90) == page
    assert embed_at(place, 90, 125) == embed
    assert page_at(place) == place.url
    assert "90" not in embed_at(place)


def test_only_some_files_are_sound_alone():
    sound = [Place(Host.FILE, "https://example.org/a.mp3"), Place(Host.FILE, "https://example.org/A.M4A?x=.mp4")]

    assert [is_audio(place) for place in [*sound, FILE, YOUTUBE, Place(Host.LINK, "https://example.org/a.mp3/")]] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("place", "opened"),
    [
        (YOUTUBE, {"frame-src": ["https://www.youtube-nocookie.com"]}),
        (UNLISTED, {"frame-src": ["https://player.vimeo.com"]}),
        (recognize("https://tube.example:8443/w/abcDEF12345"), {"frame-src": ["https://tube.example:8443"]}),
        (FILE, {"media-src": ["'self'", "https://example.org"]}),
        (LINK, {}),
    ],
)
def test_only_the_players_own_origin_is_let_in(place, opened):
    assert origins(place.host, place.url) == opened


def test_the_sites_with_an_oembed_are_judged_by_it():
    judged = [place.host for place in (YOUTUBE, VIMEO, PEERTUBE, FILE, LINK) if endpoint_for(place.host, place.url)]

    assert judged == [Host.YOUTUBE, Host.VIMEO, Host.PEERTUBE]
