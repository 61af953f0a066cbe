"""Whether a file's data are interim or final, in words for whoever is given the file."""

from datetime import UTC

from grading.models import Study

INTERIM = "Interim: the study was not locked when this file was made, and its data may change."
FINAL = "Final: entry ended {:%Y-%m-%d %H:%M} UTC, when the study was locked."


def finality(study: Study) -> str:
    """Say it of the moment that is read, which may be later than ``study`` was."""
    locked_at = Study.objects.values_list("locked_at", flat=True).get(pk=study.pk)
    return INTERIM if locked_at is None else FINAL.format(locked_at.astimezone(UTC))
