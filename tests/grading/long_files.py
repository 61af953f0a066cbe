"""Files that are looked at and imported by workers, and what holds an import in the middle of its writing."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg

from tests.browser.servers import owner_address
from tests.thighsite.jobs.workers import JobSite

MAKE_STUDY = """
from tests.builders import make_member, make_study, make_unblinded, make_user
from grading.models import Study
from grading.csv.imports import import_participants
study = make_study(slug={slug!r})
import_participants(study=study, file=b"participant,group,mri\\nP1,IMNM,M1\\nP2,DM,M1\\n")
make_member(study, "reader", make_user("anna-{slug}"))
make_unblinded(make_member(study, "coordinator", make_user("carl-{slug}")))
"""
AS_COORDINATOR = """
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
client = Client(headers={{"host": "127.0.0.1"}})
client.force_login(User.objects.get(username="carl-{slug}"))
{what}
"""
BRING = """
sent = {{"file": SimpleUploadedFile("grades.csv", {content!r})}}
answer = client.post("/studies/{slug}/data/grades/", sent)
assert answer.status_code == 302, answer.content.decode()
"""
CONFIRM = """
answer = client.post("/studies/{slug}/data/files/{upload}/import/", {{"fingerprint": {fingerprint!r}}})
assert answer.status_code == {expected}, answer.content.decode()
"""
_number = count(1)


class StudyOfLongFiles:
    """A study of two participants, and the one coordinator who brings it files of grades as she would in a browser."""

    def __init__(self, site: JobSite):
        self.site, self.slug = site, f"long{next(_number)}"
        self.reader = f"anna-{self.slug}"
        self._run(MAKE_STUDY.format(slug=self.slug))

    def bring(self, content: bytes) -> str:
        """Send a file; the id under which it is kept."""
        self._run_as_coordinator(BRING.format(slug=self.slug, content=content))
        return str(
            self._rows("SELECT id FROM grading_upload WHERE study_id = %s ORDER BY looked_at DESC LIMIT 1")[0][0]
        )

    def confirm(self, upload: str, *, times: int = 1, expected: int = 302) -> None:
        """Import a file as it was shown."""
        fingerprint = self.outlook(upload)["fingerprint"]
        said = CONFIRM.format(slug=self.slug, upload=upload, fingerprint=fingerprint, expected=expected)
        self._run_as_coordinator(said * times)

    def outlook(self, upload: str) -> dict:
        ((outlook,),) = self.site.rows("SELECT outlook FROM grading_upload WHERE id = %s", upload)
        return outlook if isinstance(outlook, dict) else json.loads(outlook)

    def jobs(self, upload: str, kind: str) -> list[str]:
        wanted = "SELECT id FROM jobs_job WHERE kind = %s AND arguments->>'upload' = %s ORDER BY made_at"
        return [str(job) for (job,) in self.site.rows(wanted, kind, upload)]

    def grades(self) -> int:
        """How many grades the study has."""
        return self._rows("SELECT count(*) FROM grading_grade WHERE study_id = %s")[0][0]

    def _rows(self, query: str) -> list[tuple]:
        ((study,),) = self.site.rows("SELECT id FROM grading_study WHERE slug = %s", self.slug)
        return self.site.rows(query, study)

    def _run_as_coordinator(self, what: str) -> None:
        self._run(AS_COORDINATOR.format(slug=self.slug, what=what))

    def _run(self, script: str) -> None:
        self.site.manage(["shell", "--no-imports", "-v0", "-c", script])


@contextmanager
def grades_are_held(site: JobSite) -> Iterator[None]:
    """Nobody can write a grade meanwhile: an import waits with its reads written."""
    with psycopg.connect(owner_address(site.environment["DATABASE_URL"])) as holder:
        holder.execute("LOCK TABLE grading_grade IN SHARE MODE")
        yield
        holder.rollback()
