"""The rules of time zones: this machine's or, where it has older ones, those of the package `tzdata`.

Countries change their clocks at short notice (Cuba in 2026). With old rules, hours in that country would be wrong.
"""

import zoneinfo
from pathlib import Path

import tzdata


def use_newest():
    """Let all time zones be read from the package where the machine's data are older, or do not say of when they are."""
    if version_in(zoneinfo.TZPATH) < tzdata.IANA_VERSION:
        zoneinfo.reset_tzpath(to=())
        zoneinfo.ZoneInfo.clear_cache()


def version_in(folders):
    """The version of the data in the first of `folders` that has any, such as "2026f"; "" where it does not say."""
    found = next((path for path in (Path(folder) / "tzdata.zi" for folder in folders) if path.is_file()), None)
    if found is None:
        return ""
    with found.open(encoding="ascii", errors="replace") as data:
        beginning, _space, version = data.readline().strip().rpartition(" ")
    return version if beginning == "# version" else ""
