"""Results are computed once, however many ask, and again only when the data or the program changed."""

import pytest

from analysis.models import CachedResult, DataVersion
from analysis.services import result_cache
from analysis.services.result_cache import BeingComputed, cached_result
from analysis.stats.frame.canonical import data_version
from analysis.study_data.frame import study_frame
from grading import services
from tests.analysis.services.counting import Counting
from tests.builders import make_read

pytestmark = pytest.mark.django_db


def test_same_data_and_question_are_computed_once(filled):
    compute = Counting()

    first, second = cached_result(filled, "rows", compute), cached_result(filled, "rows", compute)

    assert first == second
    assert (first.content["rows"], compute.times) == (132, 1)
    assert list(second.content) == ["rows", "b", "a"]  # also the order of what JSON holds is kept


def test_data_version_is_handed_to_what_computes(filled):
    compute = Counting()

    found = cached_result(filled, "rows", compute)

    assert compute.version == found.data_version == data_version(study_frame(filled))


def test_another_question_has_its_own_answer(filled):
    compute = Counting()

    cached_result(filled, "rows", compute)
    cached_result(filled, "rows?", compute)

    assert compute.times == 2


def test_change_of_the_data_is_computed_anew_and_the_old_answer_goes(filled):
    compute = Counting()
    before = cached_result(filled, "rows", compute)
    read = make_read(study=filled, scores=[1] * 11)

    services.sign_off(read)
    after = cached_result(filled, "rows", compute)

    assert (before.content["rows"], after.content["rows"], compute.times) == (132, 143, 2)
    assert [result.data_version for result in CachedResult.objects.all()] == [after.data_version]


def test_change_that_leaves_the_frame_alone_computes_nothing(filled):
    """A new read counts as a change, for the page shows progress, but the frame is what it was."""
    compute = Counting()
    cached_result(filled, "rows", compute)

    make_read(study=filled)
    cached_result(filled, "rows", compute)

    assert compute.times == 1
    assert DataVersion.objects.filter(study=filled).count() == 2


def test_answer_of_another_program_is_not_taken(filled, monkeypatch):
    compute = Counting()
    cached_result(filled, "rows", compute)

    monkeypatch.setattr(result_cache, "program", lambda: "f" * 64)
    cached_result(filled, "rows", compute)

    assert compute.times == 2


@pytest.mark.parametrize("other", [
    lambda: CachedResult.objects.update(content='{"rows": 9}'),
    lambda: CachedResult.objects.update(proof=""),
    lambda: DataVersion.objects.update(proof="0" * 64),
])  # fmt: skip
def test_what_has_no_proof_is_found_anew_and_stored_in_its_place(filled, other):
    compute = Counting()
    first = cached_result(filled, "rows", compute)
    other()

    again, then = cached_result(filled, "rows", compute), cached_result(filled, "rows", None)

    assert first == again == then
    assert CachedResult.objects.count() == DataVersion.objects.count() == 1


def test_result_of_another_secret_key_is_computed_anew(filled, settings):
    compute = Counting()
    cached_result(filled, "rows", compute)
    settings.SECRET_KEY = "another-secret"

    cached_result(filled, "rows", compute)

    assert compute.times == 2


def test_question_longer_than_an_index_entry_is_kept(filled):
    compute = Counting()

    cached_result(filled, "reader" * 2000, compute)
    cached_result(filled, "reader" * 2000, compute)

    assert compute.times == 1


def test_failing_computation_leaves_nothing_behind_and_does_not_block_the_next(filled):
    with pytest.raises(ZeroDivisionError):
        cached_result(filled, "rows", lambda frame, version: 1 / 0)

    assert cached_result(filled, "rows", Counting()).content["rows"] == 132


def test_what_json_cannot_hold_is_refused(filled):
    with pytest.raises(ValueError, match="JSON compliant"):
        cached_result(filled, "rows", lambda frame, version: {"p": float("nan")})


def test_nothing_is_computed_where_the_caller_may_not(filled):
    with pytest.raises(BeingComputed):
        cached_result(filled, "rows", None)

    cached_result(filled, "rows", Counting())
    assert cached_result(filled, "rows", None).content["rows"] == 132
