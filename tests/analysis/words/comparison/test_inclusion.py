"""What the page says of who is in and who is left out."""

import pytest

from analysis.stats.inclusion import STAGES, Inclusion, LeftOut
from analysis.stats.question import Question
from analysis.words.comparison.inclusion import inclusion_text

QUESTION = Question("IMNM", "DM", "edema", "joint", "STIR", ("a", "b"), "female", "SRP")


def an_inclusion(*left_out, **counts):
    plain = {"participants": 1, "all_participants": 1, "reads": 1, "all_reads": 1, "later_mris": 0}
    plain |= {"not_assessable": 0, "fat_for_restriction": 0}
    return Inclusion(**plain | counts, left_out=left_out)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("count", [1, 1234])
def test_every_stage_has_its_words(stage, count):
    participants = 0 if stage == "fat_beside_edema" else count
    reads = 0 if stage in ("no_mri", "no_read") else count

    said = inclusion_text(an_inclusion(LeftOut(stage, participants, reads, ("P1",))), QUESTION)

    sentences = [line.text for line in said.participants] + said.reads
    assert len(sentences) == (participants > 0) + (reads > 0)
    for sentence in sentences:
        assert sentence.startswith("1 " if count == 1 else "1,234 ")
        assert not set(sentence) & set("[]|{}")


def test_sentences_agree_with_their_numbers():
    out = (LeftOut("other_reader", 1, 2, ("P1",)), LeftOut("fat_only", 3, 1, ("P2", "P3", "P4")))

    said = inclusion_text(an_inclusion(*out, all_participants=5, all_reads=4), QUESTION)

    assert said.total == "1 of 5 participants and 1 of 4 reads are in this comparison."
    assert [line.text for line in said.participants] == [
        "1 participant was not read by a or b on STIR.",
        "3 participants were graded for fat only and are left out of the edema set.",
    ]
    assert said.reads == ["2 reads are not by a or b.", "1 fat read has no place in the edema set."]


def test_those_without_a_covariate_are_named_though_they_are_in():
    missing = LeftOut("covariate_missing", 2, 0, ("P1", "P2"))
    asked = Question("IMNM", "DM", adjust=("sex", "age_years"))

    line = inclusion_text(an_inclusion(covariate_missing=missing), asked).participants[0]

    assert line.text == (
        "2 participants are in the comparison, but in no adjusted model, without a usable value of age or sex."
    )
    assert line.codes == ("P1", "P2")


def test_codes_beyond_those_given_are_counted():
    line = inclusion_text(an_inclusion(LeftOut("no_mri", 60, 0, ("P1", "P2"))), QUESTION).participants[0]

    assert (line.codes, line.more) == (("P1", "P2"), 58)


def test_notes_say_what_else_to_know():
    said = inclusion_text(an_inclusion(later_mris=1, not_assessable=4, fat_for_restriction=2), QUESTION)

    assert said.notes == [
        "2 participants are in by fat, since the restriction leaves the edema reads out.",
        "1 later MRI is not used: the comparison takes each participant’s first.",
        "4 grades say “not assessable”, which is no score, and never counts as 0.",
    ]
