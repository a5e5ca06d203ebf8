"""Sites whose pages answer "all is well" for recordings that are gone: their oEmbed (oembed.com) tells the truth."""

from urllib.parse import quote, urlsplit

ENDPOINTS = {
    "youtube": "https://www.youtube.com/oembed?format=json&url={url}",
    "vimeo": "https://vimeo.com/api/oembed.json?url={url}",
    "peertube": "https://{host}/services/oembed?url={url}",
}


def endpoint_for(site, url):
    """The address that judges `url` of `site` (youtube, vimeo, peertube); None when it is judged by its own answer."""
    try:
        return ENDPOINTS[site].format(host=urlsplit(url).netloc, url=quote(url, safe=""))
    except (KeyError, ValueError):  # another site; no address at all
        return None
