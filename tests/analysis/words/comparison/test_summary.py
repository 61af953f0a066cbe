"""The sentences under the figure say what the numbers say."""

import pytest

from analysis.words.comparison.summary import caption, summary


def result(*muscles, methods=("kenward_roger",) * 4, participants=14):
    codes = ("VL", "VM", "BFLH", "RF")
    found = [
        {
            "muscle": code,
            "estimate": estimate,
            "p": p,
            "p_holm": p_holm,
            "note": "" if p is not None else "Too few.",
            "method": None if p is None else method,
            "status": "not_estimable" if p is None else "ok",
        }
        for code, (estimate, p, p_holm), method in zip(codes, muscles, methods, strict=False)
    ]
    groups = {"reference": "IMNM", "compared": "DM"}
    n = {"by_group": {"IMNM": participants, "DM": 11}}
    return {"groups": groups, "n": n, "muscles": found}


def test_summary_counts_and_directs():
    text = summary(result((1.2, 0.001, 0.004), (0.8, 0.03, 0.06), (-1.0, 0.002, 0.006), (0.3, 0.4, 0.4)))

    assert text == (
        "DM and IMNM differ in 3 of 4 muscles at p < 0.05, in 2 after Holm’s adjustment. "
        "Higher in DM: VL, VM. Higher in IMNM: BF-LH. No difference shown: RF."
    )


def test_summary_names_what_cannot_be_estimated():
    text = summary(result((1.2, 0.001, 0.001), (None, None, None)))

    assert text == (
        "DM and IMNM differ in 1 of 1 muscle at p < 0.05, in 1 after Holm’s adjustment. "
        "Higher in DM: VL. Not estimable: VM."
    )


def test_summary_of_nothing_gives_each_reason_once():
    assert summary(result((None, None, None), (None, None, None))) == "Nothing can be estimated yet. Too few."


@pytest.mark.parametrize(
    ("methods", "words"),
    [
        (["kenward_roger"] * 2, "that of the mixed model (Kenward–Roger), not adjusted"),
        (["satterthwaite"] * 2, "that of the mixed model (Satterthwaite), not adjusted"),
        (["wald_z"] * 2, "that of the mixed model (Wald z), not adjusted"),
        (["linear_model"] * 2, "that of the linear model, not adjusted"),
        (["kenward_roger", "linear_model"], "that of the mixed model (Kenward–Roger) or the linear model, not"),
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
