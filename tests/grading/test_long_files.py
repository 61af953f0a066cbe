"""Long files are looked at and imported by workers, which may be killed or stopped in the middle of it."""

import time

import pytest

from tests.browser.servers import migrated_database
from tests.grading.csv.csv_files import as_csv, complete_read
from tests.grading.long_files import StudyOfLongFiles, grades_are_held
from tests.thighsite.jobs.workers import JobSite, Worker

LOOK, IMPORT = "look-at-file", "import-file"
IN_THE_MIDDLE = {"state": "running", "doing": "storing the grades"}


@pytest.fixture(scope="module")
def site():
    site = JobSite(migrated_database("thighsite_long_files_test"))
    site.environment["IMPORT_AT_ONCE_BYTES"] = "0"
    site.manage(["migrate", "-v0"])
    yield site
    site.stop()


@pytest.fixture
def worker(site) -> Worker:
    """The one worker of the site: that of the test before, unless it was killed."""
    living = [worker for worker in site.workers if worker.process.poll() is None]
    return living[0] if living else site.work()


@pytest.fixture
def study(site) -> StudyOfLongFiles:
    return StudyOfLongFiles(site)


def file_of(study) -> bytes:
    """Two complete reads."""
    reads = (complete_read(participant=participant, reader=study.reader) for participant in ("P1", "P2"))
    return as_csv([grade for read in reads for grade in read])


def looked_at(study) -> str:
    """Bring a file, and wait until a worker has looked at it."""
    upload = study.bring(file_of(study))
    (job,) = study.jobs(upload, LOOK)
    study.site.await_job(job, state="done")
    return upload


def confirmed(study, upload: str, **expected) -> str:
    """Confirm a file, and wait until its job has these values."""
    study.confirm(upload)
    (job,) = study.jobs(upload, IMPORT)
    study.site.await_job(job, **expected)
    return job


def test_file_is_looked_at_and_imported_by_a_worker(site, worker, study):
    upload = looked_at(study)
    shown, before = study.outlook(upload), study.grades()

    job = confirmed(study, upload, state="done")

    assert (shown["state"], len(shown["rows"]), before) == ("ready", 2, 0)
    assert site.job(job)["result"] == {"state": "imported"}
    assert (study.grades(), study.outlook(upload)["state"]) == (22, "imported")


def test_import_of_a_killed_worker_is_taken_up_and_stored_once(site, worker, study):
    upload = looked_at(study)
    with grades_are_held(site):
        job = confirmed(study, upload, **IN_THE_MIDDLE)
        worker.kill()

    assert study.grades() == 0
    site.let_silence_last()
    site.work()
    site.await_job(job, state="done")
    assert (study.grades(), study.outlook(upload)["state"]) == (22, "imported")


def test_import_stopped_in_the_middle_stores_nothing_and_can_be_confirmed_again(site, worker, study):
    upload = looked_at(study)
    with grades_are_held(site):
        job = confirmed(study, upload, **IN_THE_MIDDLE)
        site.ask_to_stop(job)
        while not site.rows("SELECT FROM jobs_job WHERE id = %s AND heard_from > stop_asked_at", job):
            time.sleep(0.05)  # between two looks at the condition awaited here
    site.await_job(job, state="stopped")
    stored = study.grades(), study.outlook(upload)["state"]

    study.confirm(upload)
    site.await_job(study.jobs(upload, IMPORT)[-1], state="done")

    assert stored == (0, "ready")
    assert study.grades() == 22


def test_file_confirmed_twice_is_imported_once(site, worker, study):
    upload = looked_at(study)
    with grades_are_held(site):
        study.confirm(upload, times=2)
        (job,) = study.jobs(upload, IMPORT)
    site.await_job(job, state="done")

    study.confirm(upload, expected=409)

    assert len(study.jobs(upload, IMPORT)) == 1
    assert study.grades() == 22


def test_file_is_shown_anew_where_the_study_has_changed(site, worker, study):
    upload, same = looked_at(study), looked_at(study)
    confirmed(study, upload, state="done")

    job = confirmed(study, same, state="done")

    now = study.outlook(same)
    assert site.job(job)["result"] == {"state": "ready"}
    assert (now["has_changed"], now["rows"]) == (True, [])
    assert study.grades() == 22
