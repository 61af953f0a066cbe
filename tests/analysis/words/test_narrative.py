"""The sentences under the figure say what the numbers say."""

import pytest

from analysis.words.narrative import caption, summary


def result(*muscles, engine="reml", df_method="kenward-roger", participants=14):
    codes = ("VL", "VM", "BFLH", "RF")
    found = [
        {"muscle": code, "estimate": estimate, "p": p, "p_holm": p_holm, "note": "" if p is not None else "Too few."}
        for code, (estimate, p, p_holm) in zip(codes, muscles, strict=False)
    ]
    groups = {"reference": "IMNM", "compared": "DM"}
    n = {"by_group": {"IMNM": participants, "DM": 11}}
    return {"groups": groups, "n": n, "muscles": found, "engine": engine, "df_method": df_method}


def test_summary_counts_and_directs():
    told = summary(result((1.2, 0.001, 0.004), (0.8, 0.03, 0.06), (-1.0, 0.002, 0.006), (0.3, 0.4, 0.4)))

    assert told == (
        "DM and IMNM differ in 3 of 4 muscles at p < 0.05, in 2 after Holm’s adjustment. "
        "Higher in DM: VL, VM. Higher in IMNM: BF-LH. No difference shown: RF."
    )


def test_summary_names_what_cannot_be_estimated():
    told = summary(result((1.2, 0.001, 0.001), (None, None, None)))

    assert told == (
        "DM and IMNM differ in 1 of 1 muscle at p < 0.05, in 1 after Holm’s adjustment. "
        "Higher in DM: VL. Not estimable: VM."
    )


def test_summary_of_nothing_gives_each_reason_once():
    assert summary(result((None, None, None), (None, None, None))) == "Nothing can be estimated yet. Too few."


@pytest.mark.parametrize(
    ("engine", "df_method", "words"),
    [
        ("reml", "kenward-roger", "(Kenward–Roger), not adjusted"),
        ("reml", "satterthwaite", "(Satterthwaite), not adjusted"),
        ("statsmodels", None, "(Wald z), not adjusted"),
    ],
)
def test_caption_names_the_p_value(engine, df_method, words):
    assert words in caption(result((1, 0.1, 0.1), engine=engine, df_method=df_method))


@pytest.mark.parametrize(("participants", "said"), [(150, False), (151, True)])
def test_caption_says_when_points_become_bars(participants, said):
    told = caption(result((1, 0.1, 0.1), participants=participants))

    assert ("bars as long as their rows would be" in told) is said
