"""Each document's file becomes its first version; minutes get the state in which the same people go on reading them."""

import hashlib
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.db import migrations

SIGNATURES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
STATES = {"secretariat": "draft", "members": "circulated"}


def read(name):
    """Media type, size and fingerprint of the file kept as `name`; nothing known of one that is gone."""
    try:
        with default_storage.open(name, "rb") as kept:
            head, digest, size = b"", hashlib.sha256(), 0
            for block in kept.chunks():
                head, size = head or block[:16], size + len(block)
                digest.update(block)
    except OSError:
        return {"media_type": "application/octet-stream", "size": 0, "sha256": ""}
    found = next((media_type for start, media_type in SIGNATURES.items() if head.startswith(start)), "application/octet-stream")
    return {"media_type": found, "size": size, "sha256": digest.hexdigest()}


def give_versions(apps, schema_editor):
    version = apps.get_model("recordings", "DocumentVersion").objects
    for document in apps.get_model("recordings", "Document").objects.exclude(file=""):
        ending = PurePosixPath(document.file.name).suffix
        name = f"{document.slug}{ending}"[:200]
        version.create(document=document, number=1, file=document.file.name, name=name, **read(document.file.name))


def take_versions(apps, schema_editor):
    for document in apps.get_model("recordings", "Document").objects.all():
        last = document.versions.order_by("-number").first()
        if last:
            document.file = last.file.name
            document.save(update_fields=["file"])
    apps.get_model("recordings", "DocumentVersion").objects.all().delete()


def give_states(apps, schema_editor):
    for document in apps.get_model("recordings", "Document").objects.filter(kind="minutes"):
        document.state = STATES.get(document.audience, "approved")
        document.save(update_fields=["state"])


class Migration(migrations.Migration):
    dependencies = [("recordings", "0007_document_versions")]
    operations = [
        migrations.RunPython(give_versions, take_versions),
        migrations.RunPython(give_states, migrations.RunPython.noop),
    ]
