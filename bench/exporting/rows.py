"""A study of as many grades as are asked for, written past the site: what is timed is how they leave it."""

from typing import Any

STUDY = "bench"
READERS = ("anna", "bert", "carla")

_FILL = """
INSERT INTO grading_participant (id, study_id, code, group_id, sex, autoantibody)
SELECT gen_random_uuid(), %(study)s, 'P' || lpad(number::text, 6, '0'), %(group)s, '', ''
FROM generate_series(1, %(participants)s) number;

INSERT INTO grading_mri (id, study_id, participant_id, code)
SELECT gen_random_uuid(), %(study)s, id, code || '-M1' FROM grading_participant WHERE study_id = %(study)s;

INSERT INTO grading_read (id, study_id, mri_id, reader_id, feature, sequence, pairing_confirmed, occasion, position,
    code, comment, status, assigned_at, opened_at, first_entry_at, last_entry_at, active_seconds, handed_out,
    signed_off_at, signed_off_by_id, sign_off_meaning, signature)
SELECT gen_random_uuid(), %(study)s, mri.id, reader, 'edema', 'STIR', false, 1,
    row_number() OVER (PARTITION BY reader), 'K7P' || translate(row_number() OVER ()::text, '015', 'KPN'),
    CASE WHEN random() < 0.1 THEN 'much motion, hardly to be judged' ELSE '' END, 'signed_off', now(),
    now() - interval '9 minutes', now() - interval '8 minutes', now() - interval '5 minutes',
    round((100 + 200 * random())::numeric, 3), true, now(), reader, 'graded', md5(mri.id::text) || md5(reader::text)
FROM grading_mri mri CROSS JOIN unnest(%(readers)s::int[]) reader WHERE mri.study_id = %(study)s;

INSERT INTO grading_grade (study_id, read_id, muscle, side, score, not_assessable, version, entered_at, changed_at)
SELECT read.study_id, read.id, muscle, 'both', CASE WHEN na THEN NULL ELSE floor(4 * random())::int END, na, 1,
    now(), now()
FROM grading_read read
CROSS JOIN LATERAL (
    SELECT muscle, random() < 0.02 AS na FROM unnest(%(muscles)s::text[]) muscle WHERE read.id IS NOT NULL
) of_muscle
WHERE read.study_id = %(study)s;

ANALYZE;
"""


def fill(grades: int, *, slug: str = STUDY) -> Any:
    """Make the study with at least so many grades, as the database's owner and without its triggers."""
    import psycopg
    from django.contrib.auth.models import User

    from grading.anatomy import MUSCLE_CODES
    from grading.models import DiagnosisGroup, Study
    from thighsite.embedded_postgres.base import server

    study = Study.objects.create(slug=slug, title="Bench")
    group = DiagnosisGroup.objects.create(study=study, code="DM", name="DM", is_reference=True)
    values = {
        "study": study.pk, "group": group.pk, "muscles": list(MUSCLE_CODES),
        "participants": -(-grades // (len(READERS) * len(MUSCLE_CODES))),
        "readers": [User.objects.get_or_create(username=name)[0].pk for name in READERS],
    }  # fmt: skip
    with psycopg.connect(server().url(), cursor_factory=psycopg.ClientCursor) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(_FILL, values)
    return study
