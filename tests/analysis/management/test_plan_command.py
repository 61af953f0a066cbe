"""plan on the command line: it needs no data, its answer is the same each time, and it can start from reads."""

import pytest
from django.core.management import CommandError

from tests.analysis.management.test_compare_command import answer, printed
from tests.builders import make_study

pytestmark = pytest.mark.django_db
SMALL = ("--participants", "4,6", "--data-sets", "20")


def test_a_study_without_data_is_planned_the_same_each_time():
    study = make_study()

    once = answer("plan", study, *SMALL)

    assert once == answer("plan", study, *SMALL) != answer("plan", study, *SMALL, "--seed", "8")
    assert [size["participants_per_group"] for size in once["sizes"]] == [4, 6]
    out, err = printed("plan", study, *SMALL)
    assert "Monte-Carlo standard error" in out
    assert err == ""
    with pytest.raises(CommandError, match="participants"):
        printed("plan", study, "--participants", "6,4")


def test_variances_of_reads_are_a_beginning_and_what_is_said_beside_it_holds(filled):
    found = answer("plan", filled, *SMALL, "--estimate", "VL", "--level", "1.25")["setting"]

    assert found["readers"] == 2
    assert found["level"] == 1.25
    assert found["participant"] != 0.6
