"""What is not kept of jobs: a result may name participants, and what a job changed is in the trail."""

from datetime import timedelta

from django.db.models.functions import Now

from thighsite.jobs.models import Job

KEPT = timedelta(days=30)


def forget_old_jobs() -> None:
    """Delete jobs that ended long ago."""
    Job.objects.filter(ended_at__lt=Now() - KEPT).delete()
