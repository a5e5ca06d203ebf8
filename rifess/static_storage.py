"""Static files for the public site: hashed names, compressed copies, one style sheet."""

import posixpath
import re

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "rifess/site.css"
IMPORT = re.compile(r"""@import url\("(?P<url>[^"]+)"\)(?: layer\((?P<layer>[\w-]+)\))?;\n?""")


class PortalStorage(CompressedManifestStaticFilesStorage):
    """Serve ``site.css`` and what it imports as one file, since each import costs a round trip.

    Imported text moves to the folder of ``site.css``, so only sheets of that folder may use ``url()``.
    """

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run and SHEET in paths:
            joined = InMemoryStorage()
            joined.save(SHEET, ContentFile(join_imports(paths, SHEET)))
            paths = {**paths, SHEET: (joined, SHEET)}
        yield from super().post_process(paths, dry_run, **options)


def join_imports(paths, name):
    """Return the sheet `name` with each ``@import`` replaced by that file, inside its layer.

    `paths` maps names to (storage, path), as collectstatic gives them.
    Raises KeyError if an imported sheet is missing, so that a typing error stops the release.
    """

    def imported(match):
        css = read(paths, posixpath.join(posixpath.dirname(name), match["url"]))
        return f"@layer {match['layer']} {{\n{css}}}\n" if match["layer"] else css

    return IMPORT.sub(imported, read(paths, name))


def read(paths, name):
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
