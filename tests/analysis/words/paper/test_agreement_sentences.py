"""What a paper says of agreement where grades are missing: nothing that the numbers do not bear."""

from analysis.words.paper.agreement import agreement_results
from tests.analysis.stats.agreement.frames import answer, frame_of_scores

ISLANDS = {"ann": [0, 1, 2], "bob": [1, 1, 2], "cy": [None] * 3 + [1, 2, 3], "dee": [None] * 3 + [0, 2, 3]}


def test_readers_whom_no_common_units_connect_are_not_ranked_and_a_variance_at_zero_is_named():
    said = " ".join(agreement_results(answer(frame_of_scores(ISLANDS), resamples=200)))

    assert "Against the mean of the other readers" not in said
    assert "1.13 grade points (the variance of readers is estimated as 0)." in said
    assert "With participants resampled, over all muscles, the generalised quadratic weighted kappa was 0.80 (" in said
