"""The map of Ibero-America: one shape for each country, from Natural Earth 1:50m (public domain), equal-area."""

import json
from functools import cache
from pathlib import Path

from rifess.base.text.collation import names_of_countries


@cache
def _drawing():
    return json.loads(Path(__file__).with_name("map.json").read_text())


def map_of(members, coordinator):
    """What the map's template draws: countries of `members` and the `coordinator` (ISO codes), and all the others as one path."""
    drawing = _drawing()
    inside = [
        {
            "code": code,
            "name": name,
            "path": drawing["shapes"][code],
            "label": drawing["labels"].get(code),
            "is_lead": code == coordinator,
        }
        for code, name in names_of_countries(members)
        if code in drawing["shapes"]
    ]
    rest = "".join(path for code, path in drawing["shapes"].items() if code not in members)
    return {"width": drawing["width"], "height": drawing["height"], "inside": inside, "rest": rest}
