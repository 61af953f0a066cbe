"""The sentences under the figure say what the numbers say."""

import pytest

from analysis.stats.deciding import decided
from analysis.words.comparison.summary import caption, summary
from analysis.words.question.deciding import P_VALUES


def result(*muscles, methods=("kenward_roger",) * 4, participants=14, p="holm", max_t=None):
    codes = ("VL", "VM", "BFLH", "RF")
    found = [
        {
            "muscle": code,
            "estimate": estimate,
            "p": p,
            "p_holm": p_holm,
            "p_permutation_max_t": max_t,
            "note": "" if p is not None else "Too few.",
            "method": None if p is None else method,
            "status": "not_estimable" if p is None else "ok",
        }
        for code, (estimate, p, p_holm), method in zip(codes, muscles, methods, strict=False)
    ]
    groups = {"reference": "IMNM", "compared": "DM"}
    n = {"participants": participants + 11, "by_group": {"IMNM": participants, "DM": 11}}
    return decided({"groups": groups, "n": n, "adjusted_for": [], "muscles": found}, p)


def test_summary_counts_and_directs():
    text = summary(result((1.2, 0.001, 0.004), (0.8, 0.03, 0.06), (-1.0, 0.002, 0.006), (0.3, 0.4, 0.4)))

    assert text == (
        "DM and IMNM differ in 2 of 4 muscles at p < 0.05, adjusted for the number of muscles by Holm’s method. "
        "Higher in DM: VL. Higher in IMNM: BF-LH. No difference shown: VM, RF."
    )


@pytest.mark.parametrize(
    ("asked", "max_t", "participants", "count", "said"),
    [
        ("raw", None, 14, 2, "at p < 0.05, not adjusted for the number of muscles."),
        ("holm", 0.001, 14, 1, "at p < 0.05, adjusted for the number of muscles by Holm’s method."),
        ("max-t", 0.001, 14, 3, "at p < 0.05, by permuting the groups, adjusted for all muscles (max-T)."),
        ("max-t", None, 240, 1, "Max-T is not computed above 250 participants: Holm’s p decides instead."),
    ],
)
def test_one_p_value_decides_sentence_and_marks(asked, max_t, participants, count, said):
    found = result(
        (1.2, 0.001, 0.003), (0.8, 0.03, 0.06), (0.1, 0.4, 0.4), p=asked, max_t=max_t, participants=participants
    )

    assert f"differ in {count} of 3 muscles at p < 0.05" in summary(found)
    assert said in summary(found)
    assert P_VALUES[found["deciding"]["used"]].how in caption(found, most_points=150)


def test_summary_names_what_cannot_be_estimated():
    text = summary(result((1.2, 0.001, 0.001), (None, None, None)))

    assert text == (
        "DM and IMNM differ in 1 of 1 muscle at p < 0.05, adjusted for the number of muscles by Holm’s method. "
        "Higher in DM: VL. Not estimable: VM."
    )


def test_summary_of_nothing_gives_each_reason_once():
    assert summary(result((None, None, None), (None, None, None))) == "Nothing can be estimated yet. Too few."


@pytest.mark.parametrize(
    ("methods", "words"),
    [
        (["kenward_roger"] * 2, "that of the mixed model (Kenward–Roger), adjusted"),
        (["satterthwaite"] * 2, "that of the mixed model (Satterthwaite), adjusted"),
        (["wald_z"] * 2, "that of the mixed model (Wald z), adjusted"),
        (["linear_model"] * 2, "that of the linear model, adjusted"),
        (["kenward_roger", "linear_model"], "that of the mixed model (Kenward–Roger) or the linear model, adjusted"),
    ],
)
def test_caption_names_the_p_value_that_was_used(methods, words):
    assert words in caption(result((1, 0.1, 0.1), (1, 0.1, 0.1), methods=methods), most_points=150)


def test_caption_of_nothing_names_no_test():
    assert caption(result((None, None, None)), most_points=150).endswith("– no p value.")


@pytest.mark.parametrize(("participants", "said"), [(150, False), (151, True)])
def test_caption_says_when_points_become_bars(participants, said):
    text = caption(result((1, 0.1, 0.1), participants=participants), most_points=150)

    assert ("bars as long as their rows would be" in text) is said
