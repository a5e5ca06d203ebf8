"""What is wrong with a page, in one visit: at each width, in both colour schemes.

`LOOK=folder` keeps pictures of each page that is examined as it stands: narrow in the light, and wide in the dark.
"""

import os
from pathlib import Path

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # the only rules to which it matters which scheme a page is in
NOT_TYPED = """[...document.querySelectorAll('.summary a[href^="#"]')].map(link => link.hash)
    .filter(hash => !document.getElementById(hash.slice(1))?.matches("input, select, textarea"))"""
ALL_RULES = {"runOnly": RULES}
RULES_OF_COLOUR = {"runOnly": {"type": "rule", "values": OF_COLOUR}}
RULES_BUT_COLOUR = {"runOnly": RULES, "rules": {rule: {"enabled": False} for rule in OF_COLOUR}}

NARROW, WIDE = 320, 1280
WIDTHS = [NARROW, 375, 768, WIDE]


def look(visitor, path, language, width, status=200, rules=ALL_RULES):
    """Everything wrong with one page at a width, in the light."""
    visitor.resize(width)
    visitor.page.emulate_media(color_scheme="light")
    visitor.open(path, status)
    return look_as_it_stands(visitor, language, rules)


def look_as_it_stands(visitor, language, rules=ALL_RULES):
    """Everything wrong with the page that is open, without opening it again: after a form was sent, say."""
    page = visitor.page
    headings, said = page.locator("h1").count(), page.get_attribute("html", "lang")
    found = [f"it has {headings} main headings"] if headings != 1 else []
    found += [f"it says it is in {said}"] if said.lower() != language else []
    found += [f"a mistake leads to {target}, where nothing can be typed" for target in page.evaluate(NOT_TYPED)]
    width = page.viewport_size["width"]
    return [*visitor.problems, *found, *overflow(visitor, width), *visitor.barriers(rules)]


def overflow(visitor, width):
    visitor.resize(width)
    pixels = visitor.too_wide()
    return [f"at {width} px it is {pixels} px too wide"] if pixels > 0 else []


def look_at_each_width_in_both_schemes(visitor, path, language, status=200):
    """All rules in the light where it is narrow; in the dark, where it is wide, those of colour."""
    found = look(visitor, path, language, NARROW, status)
    return found + _wider_and_in_the_dark(visitor)


def look_as_it_stands_at_each_width_in_both_schemes(visitor, name, language):
    """The same of the page that is open, of which `LOOK` keeps pictures called `name`."""
    visitor.resize(NARROW)
    found = look_as_it_stands(visitor, language)
    take_picture(visitor, f"{name}-375-light", width=375)
    found += _wider_and_in_the_dark(visitor)
    take_picture(visitor, f"{name}-1280-dark", width=WIDE)
    visitor.darken("light")
    return found


def _wider_and_in_the_dark(visitor):
    found = [problem for width in WIDTHS[1:] for problem in overflow(visitor, width)]
    visitor.darken()
    return found + [f"in the dark: {problem}" for problem in visitor.barriers(RULES_OF_COLOUR)]


def take_picture(visitor, name, width):
    if folder := os.environ.get("LOOK"):
        visitor.resize(width)
        visitor.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
