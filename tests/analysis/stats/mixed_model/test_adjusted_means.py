import numpy as np
import pytest

from analysis.stats.frame.observations import observations
from analysis.stats.mixed_model.adjusted_means import adjusted_means
from tests.analysis.stats.comparison_frames import cohort, frame_of

GROUPS = ("IMNM", "DM")


def differences(means: np.ndarray) -> np.ndarray:
    """Present means about their own mean: a constant common to all changes no test."""
    present = means[~np.isnan(means)]
    return present - present.mean()


def test_complete_reads_need_no_adjustment():
    observed = observations(cohort(8, sides=("left", "right")), *GROUPS)

    for muscle in range(11):
        found = differences(adjusted_means(observed, muscle))
        np.testing.assert_allclose(found, differences(observed.means[:, muscle]), atol=1e-12)


def test_a_missing_read_of_a_strict_reader_does_not_raise_a_mean():
    truth = {"A": 0.0, "B": 1.0, "C": 2.0, "D": 1.0}
    strictness = {"reader1": 0.0, "reader2": -1.0}
    keys = [(person, reader) for person in truth for reader in strictness if (person, reader) != ("D", "reader2")]
    frame = frame_of(
        participant=[person for person, _ in keys],
        group=["IMNM" if person in "AB" else "DM" for person, _ in keys],
        reader=[reader for _, reader in keys],
        score=[truth[person] + strictness[reader] for person, reader in keys],
    )

    found = adjusted_means(observations(frame, *GROUPS), 0)

    assert differences(found).tolist() == pytest.approx(differences(np.array(list(truth.values()))).tolist())


def test_readers_whom_no_participant_links_are_adjusted_between_participants():
    frame = frame_of(
        participant=list("ABCDEF"),
        group=["IMNM", "DM"] * 3,
        reader=["reader1"] * 3 + ["reader2"] * 3,
        score=[0.0, 1.0, 2.0, 1.0, 2.0, 3.0],
    )

    found = adjusted_means(observations(frame, *GROUPS), 0)

    assert differences(found).tolist() == pytest.approx([-1, 0, 1, -1, 0, 1])


def test_group_labels_take_no_part():
    frame = cohort(8, muscles=("VL",))
    frame = frame[np.random.default_rng(1).random(len(frame)) > 0.3]
    other = frame.assign(group=np.where(frame["participant"] < "P003", "DM", "IMNM"))

    found, expected = (adjusted_means(observations(rows, *GROUPS), 0) for rows in (other, frame))

    np.testing.assert_allclose(differences(found), differences(expected), atol=1e-9)
