"""Which site an address is of, and what a browser must be let load."""

import pytest
from django.core.exceptions import ValidationError

from recordings.hosts import Host, Place, origins, recognize

WATCH = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@pytest.mark.parametrize(
    "address",
    [
        WATCH,
        "https://youtu.be/dQw4w9WgXcQ?t=90",
        "https://m.youtube.com/watch?v=dQw4w9WgXcQ&utm_source=x",
        "https://www.youtube.com/live/dQw4w9WgXcQ?feature=share",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    ],
)
def test_every_way_of_writing_a_youtube_address_is_one(address):
    assert recognize(address) == Place(Host.YOUTUBE, WATCH, "dQw4w9WgXcQ")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://vimeo.com/123456789", Place(Host.VIMEO, "https://vimeo.com/123456789", "123456789")),
        ("https://player.vimeo.com/video/123456789", Place(Host.VIMEO, "https://vimeo.com/123456789", "123456789")),
        ("https://tube.example/w/abcDEF12345", Place(Host.PEERTUBE, "https://tube.example/w/abcDEF12345", "abcDEF12345")),
        ("https://example.org/a/seminario.mp4#t=9", Place(Host.FILE, "https://example.org/a/seminario.mp4")),
        ("https://example.org/seminario", Place(Host.LINK, "https://example.org/seminario")),
        ("https://www.youtube.com/playlist?list=PL1", Place(Host.LINK, "https://www.youtube.com/playlist?list=PL1")),
        ("https://youtube.com.example.org/watch?v=dQw4w9WgXcQ", None),
    ],
)
def test_other_sites_are_recognized_or_stay_links(address, place):
    assert recognize(address) == (place or Place(Host.LINK, address))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "grabación", "https://"])
def test_what_is_no_web_address_is_refused(address):
    with pytest.raises(ValidationError) as refusal:
        recognize(address)

    assert refusal.value.error_dict["url"][0].code == "address"


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        (WATCH, {"frame-src": ["https://www.youtube-nocookie.com"]}),
        ("https://vimeo.com/123456789", {"frame-src": ["https://player.vimeo.com"]}),
        ("https://tube.example:8443/w/abcDEF12345", {"frame-src": ["https://tube.example:8443"]}),
        ("https://example.org/seminario.mp4", {"media-src": ["https://example.org"]}),
        ("https://example.org/seminario", {}),
    ],
)
def test_only_the_players_own_origin_is_let_in(address, opened):
    place = recognize(address)

    assert origins(place.host, place.url) == opened
