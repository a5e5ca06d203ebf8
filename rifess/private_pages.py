"""Pages that belong to one person: behind a signed address or a code, or of an account (docs/adr/0051).

They are indexed by no search engine and stored by no cache. Which pages these are is decided by their address alone, so that a
new page behind a signed address needs no line of its own.
"""

import re

from django.utils.cache import add_never_cache_headers

SECRET = re.compile(r"<str:(signed|token|code)>")  # parts of an address that only the person concerned was given
OF_AN_ACCOUNT = ("account_", "mfa_", "usersessions_", "delegation:", "admin:")  # how the names of such routes begin
FOLLOWING_A_FORM = {  # what a browser shows after a form with personal data
    "contact-thanks",
    "events:alerts-sent",
    "events:register-delegate",
    "events:register-sent",
    "members:end-session",
    "members:join-sent",
    "members:welcome",
    "my-data-sent",
}


def is_private(match):
    """Return whether `match`, what an address was resolved to, is a page of one person."""
    name = match.view_name or ""
    return bool(SECRET.search(match.route)) or name.startswith(OF_AN_ACCOUNT) or name in FOLLOWING_A_FORM


def private_pages_are_kept_nowhere(get_response):
    """Mark the answers of private pages, refusals and redirects included.

    The referrer policy of the whole portal, `same-origin`, is also theirs: no other site learns the address. `no-referrer` would
    make browsers send `Origin: null` with each form, which Django's CSRF protection refuses; only answers without a form have it.
    """

    def middleware(request):
        response = get_response(request)
        if request.resolver_match and is_private(request.resolver_match):
            response["X-Robots-Tag"] = "noindex"
            add_never_cache_headers(response)
        return response

    return middleware
