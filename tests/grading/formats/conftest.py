"""A study with everything that a format has to carry."""

import pytest

from grading.csv.imports import import_grades
from grading.models import Study
from tests.builders import make_calibration_case, make_read
from tests.grading.csv.csv_files import as_csv, complete_read, grade, make_study_with_reader


@pytest.fixture
def study(db) -> Study:
    """Reads in every state, of participants whose codes are no words for programs; one read has no grade."""
    study = make_study_with_reader(file="participant,group,mri\nNA,IMNM,=M1\nZoë,DM,M1\n".encode())
    times = {"opened_at": "2025-01-31T10:00:00Z", "signed_off_at": "2025-01-31T10:20:00.000123Z"}
    import_grades(study=study, file=as_csv(complete_read(participant="NA", mri="'=M1", active_seconds="2.5", **times)))
    absent = grade(participant="Zoë", score="", not_assessable="true", comment='two\nlines, "quoted"')
    import_grades(study=study, file=as_csv([absent]))
    make_read(study=study, reader=study.members.get().user, feature="fat", sequence="T1W", scores=[])
    make_calibration_case(study, grades={"edema": [1] * 11})
    return study
