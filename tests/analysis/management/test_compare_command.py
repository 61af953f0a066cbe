"""compare and agreement on the command line: the contract that people script against."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from grading.models import DiagnosisGroup
from tests.builders import make_study
from tests.reference_cohorts import FOLDER, reference_answer

pytestmark = pytest.mark.django_db

NUMBERS = {
    "estimate",
    "se",
    "df",
    "statistic",
    "p",
    "p_holm",
    "p_deciding",
    "p_permutation",
    "p_permutation_max_t",
    "ci_low",
    "ci_high",
}


def printed(command, study, *options):
    out, err = StringIO(), StringIO()
    call_command(command, "--study", study if isinstance(study, str) else study.slug, *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def answer(command, study, *options):
    out, _ = printed(command, study, "--format", "json", *options)
    return json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_json_keeps_the_contract(filled):
    result = answer("compare", filled)

    assert set(result) == {
        "study", "set", "model", "engine", "df_method", "formula", "terms", "groups", "n", "data_version", "versions",
        "verify", "adjusted_for", "pattern", "grades", "deciding", "muscles",
    }  # fmt: skip
    assert (result["study"], result["set"], result["model"]) == (filled.slug, "all", "per-muscle")
    assert (result["engine"], result["df_method"], result["verify"]) == ("reml", "kenward-roger", None)
    assert (result["adjusted_for"], result["pattern"]) == ([], None)
    assert result["formula"] == "score ~ group + reader + (1 | participant)"
    assert result["groups"] == {"reference": "IMNM", "compared": "DM"}
    counted = {"participants": 6, "by_group": {"IMNM": 3, "DM": 3}, "reads": 12, "grades": 132, "fat_scored": 0}
    assert result["n"] == counted
    assert len(result["data_version"]) == 64
    assert {"thighsite", "statsmodels"} <= set(result["versions"])
    assert len(result["muscles"]) == 11


def test_each_muscle_keeps_the_contract(filled):
    for muscle in answer("compare", filled)["muscles"]:
        assert set(muscle) == NUMBERS | {"muscle", "method", "status", "note", "groups", "index"}
        assert {type(muscle[name]) for name in NUMBERS} == {float}
        assert (muscle["status"], muscle["method"]) in [("ok", "kenward_roger"), ("boundary", "kenward_roger")]
        assert set(muscle["groups"]) == {"IMNM", "DM"}
        for group in muscle["groups"].values():
            assert {name: type(value) for name, value in group.items()} == {"n": int} | dict.fromkeys(
                ("median", "q1", "q3", "mean", "sd"), float
            )


def test_imported_cohort_gets_the_answer_of_r():
    call_command(
        "import_participants", FOLDER / "balanced.participants.csv", study="thighs", create=True, stdout=StringIO()
    )
    call_command(
        "import_grades", FOLDER / "balanced.grades.csv", study="thighs", create_readers=True, stdout=StringIO()
    )

    found = answer("compare", "thighs", "--permutations", "0")["muscles"]

    for ours, theirs in zip(found, reference_answer("balanced", "all")["per_muscle"], strict=True):
        for name in ("estimate", "se", "df", "p"):
            assert ours[name] == pytest.approx(theirs[name], rel=1e-3)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--set", "edema"], {"set": "edema"}),
        (["--set", "fat"], {"set": "fat"}),
        (["--model", "joint"], {"model": "joint"}),
        (["--df", "satterthwaite"], {"df_method": "satterthwaite"}),
        (["--engine", "statsmodels"], {"engine": "statsmodels", "df_method": None}),
        (["--groups", "DM,IMNM"], {"groups": {"reference": "DM", "compared": "IMNM"}}),
    ],
)
def test_options_change_the_question(filled, options, found):
    assert found.items() <= answer("compare", filled, *options).items()


PATTERN = {"F", "df1", "df2", "scaling", "p", "status", "note"}


def test_pattern_is_tested_on_request(filled):
    result = answer("compare", filled, "--pattern")

    assert set(result["pattern"]) == {"pattern", "any"}
    assert {frozenset(test) for test in result["pattern"].values()} == {frozenset(PATTERN)}
    assert (result["pattern"]["pattern"]["df1"], result["pattern"]["any"]["df1"]) == (10, 11)
    assert "Pattern (muscle × group): F(10, " in printed("compare", filled, "--pattern")[0]


def test_pattern_score_is_given_on_request(filled):
    result = answer("compare", filled, "--pattern-score", "--pattern-muscles", "vl,vm/SM")

    score = result["pattern_score"]
    assert (score["is_fixed"], score["higher"], score["lower"], score["steady"]) == (True, ["VL", "VM"], ["SM"], None)
    assert 0 <= score["value"] <= 1
    assert len(score["participants"]) == result["n"]["participants"]
    assert "no validated classifier" in printed("compare", filled, "--pattern-score")[0]
    for wrong in (["--pattern-muscles", "VL/SM"], ["--pattern-score", "--model", "ordinal"]):
        with pytest.raises(CommandError):
            printed("compare", filled, *wrong)
    with pytest.raises(CommandError, match="both lists"):
        printed("compare", filled, "--pattern-score", "--pattern-muscles", "VL/VL")


def test_adjusted_cohort_gets_the_answer_of_r():
    people, grades = (FOLDER / f"covariates-missing.{kind}.csv" for kind in ("participants", "grades"))
    call_command("import_participants", people, study="thighs", create=True, stdout=StringIO())
    call_command("import_grades", grades, study="thighs", create_readers=True, stdout=StringIO())
    expected = json.loads((FOLDER / "covariates-missing.more.json").read_text())

    result = answer("compare", "thighs", "--adjust", "sex,age_years", "--pattern")

    assert result["adjusted_for"] == ["age_years", "sex"]
    for name, of_r in {"F": "F", "df1": "ndf", "df2": "ddf", "scaling": "scaling", "p": "p"}.items():
        assert result["pattern"]["pattern"][name] == pytest.approx(expected["pattern"][of_r], rel=1e-4)
        assert result["pattern"]["any"][name] == pytest.approx(expected["any_difference"][of_r], rel=1e-4)
    for ours, theirs in zip(result["muscles"], expected["adjusted"]["age_years+sex"], strict=True):
        assert (ours["participants"], ours["status"]) == (theirs["participants"], theirs["status"])
        assert ours["p_permutation"] is None
        for name in ("estimate", "se", "df", "p", "ci_low", "ci_high"):
            assert ours[name] == pytest.approx(theirs[name], rel=1e-3 if name in ("df", "p") else 1e-5)


def test_table_has_the_unadjusted_estimate_beside_the_adjusted_one(filled):
    out, err = printed("compare", filled, "--adjust", "disease_duration_months", "--permutations", "10")

    assert "unadjusted" in out
    assert "--permutations did not apply" in err


@pytest.mark.parametrize(
    ("options", "words"),
    [(["--adjust", "shoe_size"], "choose from age_years"), (["--adjust", "sex", "--model", "joint"], "per-muscle")],
)
def test_what_cannot_be_adjusted_for_is_refused(filled, options, words):
    with pytest.raises(CommandError, match=words):
        printed("compare", filled, *options)


def test_ordinal_model_answers_with_odds_ratios(filled):
    result = answer("compare", filled, "--model", "ordinal", "--permutations", "10", "--pattern")

    assert set(result) == set(answer("compare", filled, "--permutations", "0")) - {"deciding"}
    assert (result["model"], result["engine"], result["df_method"]) == ("ordinal", "maximum_likelihood", None)
    assert result["formula"] == "ordered(score) ~ group + reader + (1 | participant)"
    assert result["pattern"]["any"]["df1"] == 11
    for muscle in result["muscles"]:
        others = {"muscle", "method", "status", "note", "groups", "index", "sd_participant", "log_likelihood", "cuts"}
        others |= {"ci_low_end", "ci_high_end"}
        assert set(muscle) == NUMBERS - {"p_deciding"} | others
        assert muscle["method"] == (None if muscle["status"] == "not_estimable" else "cumulative_logit")
    table = printed("compare", filled, "--model", "ordinal", "--permutations", "0")[0]
    assert "log odds ratio DM:IMNM [95 %]" in table
    assert "of each cut alone" in table


@pytest.mark.parametrize("option", [["--adjust", "sex"], ["--engine", "statsmodels"], ["--verify"], ["--p", "raw"]])
def test_what_an_ordinal_model_has_none_of_is_refused(filled, option):
    with pytest.raises(CommandError, match=f"{option[0]}.*--model ordinal"):
        printed("compare", filled, "--model", "ordinal", *option)


def test_permutations_can_be_had_or_left(filled):
    without = answer("compare", filled, "--permutations", "0")["muscles"]

    assert {muscle["p_permutation"] for muscle in without} == {None}


def test_verify_reports_the_second_engine(filled):
    assert answer("compare", filled, "--verify")["verify"]["engine"] == "statsmodels"
    assert "Verified with statsmodels" in printed("compare", filled, "--verify")[0]


def test_study_without_reads_has_an_answer_that_gives_reasons(study):
    result = answer("compare", study)

    assert {muscle["status"] for muscle in result["muscles"]} == {"not_estimable"}
    assert all(muscle["note"] for muscle in result["muscles"])
    assert {muscle[name] for muscle in result["muscles"] for name in NUMBERS} == {None}


def test_table_is_aligned_and_complete(filled):
    out, err = printed("compare", filled)
    lines = out.splitlines()
    head = next(line for line in lines if "Holm p" in line)
    rows = lines[lines.index(head) + 1 :][:11]

    assert err == ""
    assert [row.split()[0] for row in rows] == ["VL", "VM", "VI", "RF", "BF-SH", "BF-LH", "SM", "ST", "Add", "Gr", "Sa"]
    column = head.index("method")
    assert all(row[column - 1] == " " and row[column] != " " for row in rows)
    assert "6 participants (3 IMNM, 3 DM; 0 scored for fat), 12 reads, 132 grades" in out


@pytest.mark.parametrize("command", ["compare", "agreement"])
def test_unknown_study_is_a_matter_of_usage(filled, command):
    with pytest.raises(CommandError, match=f"no study 'nowhere'.*{filled.slug}") as refusal:
        printed(command, "nowhere")

    assert refusal.value.returncode == 2


@pytest.mark.parametrize("options", [["--groups", "XX,DM"], ["--groups", "DM"], ["--groups", "DM,DM"]])
def test_unknown_groups_are_a_matter_of_usage(filled, options):
    with pytest.raises(CommandError, match="IMNM, DM") as refusal:
        printed("compare", filled, *options)

    assert refusal.value.returncode == 2


def test_more_than_two_groups_must_be_named(filled):
    DiagnosisGroup.objects.create(study=filled, code="PM", name="polymyositis", colour="#0072B2")

    with pytest.raises(CommandError, match="--groups") as refusal:
        printed("compare", filled)

    assert refusal.value.returncode == 2
    assert answer("compare", filled, "--groups", "IMNM,DM")["n"]["participants"] == 6


def test_study_with_one_group_is_refused():
    study = make_study()
    study.groups.get(code="DM").delete()

    with pytest.raises(CommandError, match="two diagnosis groups") as refusal:
        printed("compare", study)

    assert refusal.value.returncode == 1


@pytest.mark.parametrize("options", [["--set", "both"], ["--permutations", "-1"], ["--permutations", "many"]])
def test_options_that_do_not_exist_are_refused(filled, options):
    with pytest.raises(CommandError, match=options[1]):
        printed("compare", filled, *options)


def test_option_without_effect_is_said_on_standard_error_alone(filled):
    out, err = printed("compare", filled, "--engine", "statsmodels", "--df", "satterthwaite", "--format", "json")

    assert json.loads(out)["df_method"] is None
    assert "--df satterthwaite did not apply" in err


def test_agreement_keeps_the_contract(filled):
    result = answer("agreement", filled)

    assert set(result) == {
        "study",
        "data_version",
        "readers",
        "inter",
        "pairs",
        "intra",
        "bias",
        "reader_effects",
        "mixed_model",
        "resampled",
        "restricted_to",
        "targets",
        "against",
    }
    assert len(result["readers"]) == 2
    assert [entry["muscle"] for entry in result["inter"]][-1] == "overall"
    assert len(result["inter"]) == 12
    assert {"value", "ci_low", "ci_high"} == set(result["inter"][0]["exact"])
    assert set(result["bias"][0]) >= {"readers", "mean_difference", "sd", "loa_low", "loa_high"}


def test_agreement_table_has_muscles_pairs_and_bias(filled):
    out, err = printed("agreement", filled)

    assert err == ""
    for words in ("within 1", "overall", " and ", "no re-reads", "limits of agreement"):
        assert words in out
