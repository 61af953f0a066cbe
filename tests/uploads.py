"""Bringing a file in as a coordinator does: look at it, say what it does not say, import what is shown."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from grading.models import Study, Upload


def bring(client: Client, study: Study, what: str, file: bytes, name: str = "file.csv"):
    """Send a file, and return the page that shows what it would change, with status 200; or the refusal of the form."""
    sent = {"file": SimpleUploadedFile(name, file)}
    return client.post(reverse(f"import-{what}", args=[study.slug]), sent, follow=True)


def last_upload(study: Study) -> Upload:
    return Upload.objects.filter(study=study).latest("looked_at")


def say(client: Client, upload: Upload, **said):
    """Look at a file again with what is said of it: fields of the page's form, the others as the page shows them."""
    outlook = upload.outlook or {}
    columns = {f"column-{place}": outlook["suggested"].get(name, ours)
               for place, (name, ours) in enumerate(zip(outlook["names"], outlook["taken"], strict=True))}  # fmt: skip
    shown = columns | upload.reading.get("given", {}) | {"accepted": upload.accepted, "reason": upload.reason}
    return client.post(address(upload, "look-at-upload"), shown | said, follow=True)


def accept(client: Client, upload: Upload):
    """Say that what is asked about is as it should be."""
    return say(client, upload, accepted=upload.outlook["digest"])


def take(client: Client, upload: Upload):
    """Import a file as it was shown."""
    fingerprint = upload.outlook["fingerprint"]
    return client.post(address(upload, "import-upload"), {"fingerprint": fingerprint}, follow=True)


def address(upload: Upload, name: str = "upload") -> str:
    return reverse(name, args=[upload.study.slug, upload.pk])
