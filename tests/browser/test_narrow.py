"""At 320 px no page is wider than its window, whatever words and addresses it shows (WCAG 2.2, 1.4.10)."""

import pytest
from django.utils import translation

from tests.browser.looking import NARROW, overflow
from tests.browser.test_every_page import PAGES, STATUS, at

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

FORMS = {"application": at("members:join-member"), "personal data": at("my-data"), "certificate's file": at("events:verify-file")}
LONG = "Cooperativismoasociativo" * 4 + f" https://www.example.org/{'archivo_' * 12}.pdf?{'x' * 60}"
WRITE_INTO_ALL = """
long => {
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) found.push(texts.currentNode);
  const shown = found.filter(text => text.data.trim() && !text.parentElement.closest("script, style, svg, button, .btn"));
  shown.forEach(text => { text.data += ` ${long}`; });
  document.querySelectorAll("main details").forEach(fold => { fold.open = true; });
  document.querySelectorAll("main :is(input, textarea)").forEach(field => { if (field.type !== "file") field.value = long; });
}
"""
TOO_WIDE = """
[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 4).map(e => e.outerHTML.slice(0, 110))
"""


def test_no_page_is_wider_than_a_narrow_window_whatever_it_shows(looker):
    found = {}
    for name, path in (PAGES | FORMS).items():
        with translation.override("es"):
            page = looker.open(path(), STATUS.get(name, 200))
        page.evaluate(WRITE_INTO_ALL, LONG)
        if problems := overflow(looker, NARROW):
            found[name] = [*problems, *page.evaluate(TOO_WIDE)]

    assert found == {}
