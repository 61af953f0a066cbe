"""The studies of which much is asked, and the members who ask; written past the site, for that is not timed."""

import urllib.request
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

from bench.exporting.rows import READERS, fill
from bench.importing.file import many_grades
from bench.owning import owner

LATE_SECONDS = 600
CSRF = "a" * 32
# The participants of bench.importing's file, of one MRI each.
_PARTICIPANTS = """
INSERT INTO grading_participant (id, study_id, code, group_id, sex, autoantibody)
SELECT gen_random_uuid(), %(study)s, 'P' || number, %(group)s, '', ''
FROM generate_series(0, %(participants)s - 1) number;
INSERT INTO grading_mri (id, study_id, participant_id, code)
SELECT gen_random_uuid(), %(study)s, id, 'M1' FROM grading_participant WHERE study_id = %(study)s;
ANALYZE;
"""


@dataclass(frozen=True)
class Asker:
    """A signed-in member of a study, who asks for what takes long."""

    study: str
    session: str

    def get(self, site: str, page: str, **asked: list[str]) -> None:
        """Take a whole answer, as it comes."""
        self._answered(urllib.request.Request(f"{site}/studies/{self.study}/{page}?{urlencode(asked, doseq=True)}"))

    def bring(self, site: str, file: bytes) -> None:
        """Send a file of grades, which a worker then looks at."""
        edge = uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="grades.csv"\r\n\r\n'
        body = head.encode() + file + f"\r\n--{edge}--\r\n".encode()
        sent = urllib.request.Request(f"{site}/studies/{self.study}/data/grades/", body)
        sent.add_header("Content-Type", f"multipart/form-data; boundary={edge}")
        self._answered(sent)

    def _answered(self, request: urllib.request.Request) -> None:
        request.add_header("Cookie", f"sessionid={self.session}; csrftoken={CSRF}")
        request.add_header("X-CSRFToken", CSRF)
        with urllib.request.urlopen(request, timeout=LATE_SECONDS) as answer:
            while answer.read(1 << 16):
                pass


def graded_study(slug: str, role: str, grades: int) -> Asker:
    """Make a study with so many grades, and somebody who may ask of it."""
    return _asker(fill(grades, slug=slug), role)


def study_to_import(slug: str, grades: int) -> tuple[Asker, bytes]:
    """Make a study without grades, its coordinator, and the file that brings so many."""
    from django.contrib.auth.models import User

    from grading.models import DiagnosisGroup, Member, Study

    study = Study.objects.create(slug=slug, title=slug)
    group = DiagnosisGroup.objects.create(study=study, code="DM", name="DM", is_reference=True)
    for name in READERS:
        Member.objects.create(study=study, role="reader", user=User.objects.get_or_create(username=name)[0])
    file = many_grades(grades)
    values = {"study": study.pk, "group": group.pk, "participants": file.count(b",VL,") // len(READERS)}
    with owner() as past:
        past.execute("SET session_replication_role = replica")
        past.execute(_PARTICIPANTS, values)
    return _asker(study, "coordinator"), file


def _asker(study, role: str) -> Asker:
    from django.contrib.auth.models import User
    from django.test import Client

    from grading.models import Member
    from grading.services.unblinding import note_unblinded

    user = User.objects.create(username=f"{role}-{study.slug}")
    Member.objects.create(study=study, user=user, role=role)
    note_unblinded(user, study.pk)
    client = Client()
    client.force_login(user)
    return Asker(study.slug, client.cookies["sessionid"].value)
