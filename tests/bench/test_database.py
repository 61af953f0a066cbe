"""The cohort that the benchmark loads past the models comes out of the database as it went in."""

import pytest

from analysis.stats.frame.canonical import data_version
from analysis.study_data.frame import study_frame
from bench.comparison.cohorts import cohort
from bench.comparison.database import loaded_study


@pytest.mark.django_db(transaction=True)
def test_a_loaded_cohort_has_the_frame_that_was_loaded():
    made = cohort(3, missing=0.1)

    study = loaded_study(made)

    assert data_version(study_frame(study)) == data_version(made)
