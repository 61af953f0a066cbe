"""How long the coordinator's progress and list of reads, and a reader's pages, take with 100 reads and with 100,000.

    .venv/bin/python -m bench.progress            a minute; prints the ratios
    .venv/bin/python -m bench.progress --quick    a tenth of the reads

The pages as the site makes them, in one process, on an embedded PostgreSQL that is thrown away afterwards. The reads
are written past the site, without its triggers: what is timed is how they are read. That queries do not grow with them
is a test, too: tests/grading/test_progress_page.py.
"""

import os

from bench.arguments import is_quick_asked
from bench.owning import counted_anew, owner
from bench.page_times import compared
from bench.served_site import prepared

FEW, MANY, QUICK_MANY = 100, 100_000, 10_000
READERS = 5
_FILL = """
INSERT INTO grading_participant (id, study_id, code, group_id, sex, autoantibody)
SELECT gen_random_uuid(), %(study)s, 'P' || number, %(group)s, '', '' FROM generate_series(0, %(mris)s - 1) number;

INSERT INTO grading_mri (id, study_id, participant_id, code)
SELECT gen_random_uuid(), %(study)s, id, code FROM grading_participant WHERE study_id = %(study)s;

INSERT INTO grading_read (id, study_id, mri_id, reader_id, feature, sequence, pairing_confirmed, occasion, position,
    code, comment, status, assigned_at, active_seconds, handed_out, sign_off_meaning, signature)
SELECT gen_random_uuid(), %(study)s, mri, reader, 'edema', 'STIR', false, 1, place,
    'K' || translate(column_number::text, '015', '678') || 'K' || translate(place::text, '015', 'KPN'), '',
    CASE WHEN place %% 5 = 0 THEN 'assigned' ELSE 'draft' END, now(), 0, true, '', ''
FROM (SELECT id AS mri, row_number() OVER () AS place FROM grading_mri WHERE study_id = %(study)s) AS of_study
CROSS JOIN unnest(%(readers)s::int[]) WITH ORDINALITY AS of_reader (reader, column_number)
"""


def main() -> None:
    """Time each page of both studies in turn, and print the medians and their ratio."""
    many = QUICK_MANY if is_quick_asked(__doc__, "a tenth of the reads") else MANY
    load = os.getloadavg()[0]
    with prepared():
        pages = compared(_study(FEW), _study(many), [f"{reads:,} reads" for reads in (FEW, many)])
    print(f"{os.cpu_count()} cores, load {load:.2f} in the minute before.\n")
    print(pages)


def _study(reads: int):
    """A study with so many reads of five readers, a fifth of them not begun."""
    from django.contrib.auth.models import User

    from grading.models import DiagnosisGroup, Member, Study

    name = f"reads-{reads}"
    study = Study.objects.create(slug=name, title=name)
    group = DiagnosisGroup.objects.create(study=study, code="G", name="G", colour="#000000", is_reference=True)
    readers = [User.objects.create(username=f"{name}-{number}") for number in range(READERS)]
    Member.objects.bulk_create(Member(study=study, user=user, role="reader") for user in readers)
    values = {"study": study.pk, "group": group.pk, "mris": reads // READERS, "readers": [user.pk for user in readers]}
    with owner() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(_FILL, values)
    counted_anew()
    return study


if __name__ == "__main__":
    main()
