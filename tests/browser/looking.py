"""What is wrong with a page, in one visit: at each width, in both colour schemes."""

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # the only rules to which it matters which scheme a page is in
ALL_RULES = {"runOnly": RULES}
RULES_OF_COLOUR = {"runOnly": {"type": "rule", "values": OF_COLOUR}}
RULES_BUT_COLOUR = {"runOnly": RULES, "rules": {rule: {"enabled": False} for rule in OF_COLOUR}}

NARROW, WIDE = 320, 1280
WIDTHS = [NARROW, 375, 768, WIDE]


def look(visitor, path, language, width, status=200, rules=ALL_RULES):
    """Everything wrong with one page at a width, in the light."""
    visitor.resize(width)
    visitor.page.emulate_media(color_scheme="light")
    page = visitor.open(path, status)
    headings, said = page.locator("h1").count(), page.get_attribute("html", "lang")
    found = [f"it has {headings} main headings"] if headings != 1 else []
    found += [f"it says it is in {said}"] if said.lower() != language else []
    return [*visitor.problems, *found, *overflow(visitor, width), *visitor.barriers(rules)]


def overflow(visitor, width):
    visitor.resize(width)
    pixels = visitor.too_wide()
    return [f"at {width} px it is {pixels} px too wide"] if pixels > 0 else []


def look_at_each_width_in_both_schemes(visitor, path, language, status=200):
    """All rules in the light where it is narrow; in the dark, where it is wide, those of colour."""
    found = look(visitor, path, language, NARROW, status)
    found += [problem for width in WIDTHS[1:] for problem in overflow(visitor, width)]
    visitor.darken()
    return found + [f"in the dark: {problem}" for problem in visitor.barriers(RULES_OF_COLOUR)]
