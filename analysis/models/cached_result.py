"""Computed results, stored so that however many people and processes ask, one computes."""

from django.db import models
from django.db.models.functions import MD5

from grading.models import Study


class DataVersion(models.Model):
    """The data version (hash) of one study revision, so that a cached result can be found without reading the data."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="data_versions")
    revision = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    proof = models.CharField(max_length=64, help_text="That the site stored the row: an HMAC under its SECRET_KEY.")

    class Meta:
        constraints = [models.UniqueConstraint(name="data_version_of_a_revision", fields=["study", "revision"])]

    def __str__(self) -> str:
        return self.sha256[:8]


class CachedResult(models.Model):
    """What was computed for one question from one version of a study's data, by one version of the program.

    Rows may be deleted at any time, and are computed again when somebody asks.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="cached_results")
    data_version = models.CharField(max_length=64)
    question = models.TextField()
    program = models.CharField(
        max_length=64, help_text="SHA-256 of the code and the library versions that computed it."
    )
    content = models.TextField(help_text="JSON; as text, so that the order of its keys is kept.")
    computed_at = models.DateTimeField(auto_now_add=True)
    seconds = models.FloatField(help_text="How long the computation took.")
    proof = models.CharField(max_length=64, help_text="That the site stored the row: an HMAC under its SECRET_KEY.")

    class Meta:
        constraints = [
            # The question's hash: a question that names many readers is too long for an index.
            models.UniqueConstraint(
                "study", "data_version", MD5("question"), "program", name="result_once_per_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} of {self.data_version[:8]}"
