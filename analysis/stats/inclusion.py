"""Which participants and reads a comparison holds, and why each of the others is left out.

A read passes the stages in the order of ``STAGES``, and is left out at the first that stops it. A participant is in
with any of its reads; else it is left out for the stage that its furthest read came to. So what is in and what is left
out add up to everybody and every read, and nobody is counted twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.stats.covariates import Covariate, Covariates
from analysis.stats.question import Question
from analysis.stats.result_types.described import Reason

_OF_PARTICIPANTS: tuple[Reason, ...] = (
    "withdrawn",
    "other_group",
    "other_sex",
    "sex_missing",
    "other_autoantibody",
    "autoantibody_missing",
)
_WITHOUT_READS: tuple[Reason, ...] = ("no_mri", "no_read")
_OF_READS: tuple[Reason, ...] = ("later_mri", "not_signed_off", "reread", "other_sequence", "other_reader")
_OF_FEATURE: tuple[Reason, ...] = ("fat_beside_edema", "fat_only", "edema_only", "nothing_assessed")
STAGES = (*_OF_PARTICIPANTS, *_WITHOUT_READS, *_OF_READS, *_OF_FEATURE)
IN = len(STAGES)  # past every stage
Stages = tuple[np.ndarray, np.ndarray]  # of each participant, and of each read
_RESTRICTED = [STAGES.index(name) for name in ("other_sequence", "other_reader")]

MOST_CODES = 50


@dataclass(frozen=True)
class LeftOut:
    """Count what one stage stopped. ``codes`` are those of its participants, the first MOST_CODES of them."""

    stage: str
    participants: int
    reads: int
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Inclusion:
    """Count what is in the comparison, out of what the study has."""

    participants: int
    all_participants: int
    reads: int
    all_reads: int
    left_out: tuple[LeftOut, ...]  # in the order of STAGES, those that stopped something
    later_mris: int  # of the participants that are in
    not_assessable: int  # grades of the reads that are in
    fat_for_restriction: int  # participants of the set "all" in by fat, whose edema reads a restriction leaves out
    adjudicated: int = 0  # grades of the reads that are in, in whose place a decision stands
    covariate_missing: LeftOut | None = None  # in the comparison, but in none of its adjusted models


def inclusion(
    participants: pd.DataFrame,
    reads: pd.DataFrame,
    question: Question,
    defined: Iterable[Covariate] = (),
    found: Stages | None = None,
) -> Inclusion:
    """Account for every participant and read.

    Args:
        participants, reads: the tables of `roster.Roster`; covariates are needed where the question names
            them, ``adjudicated`` where it asks for adjudicated grades.
        defined: covariates that the study defines.
        found: what ``stages`` gives of these, where that is known already.
    """
    stage_of_participant, stage_of_read = found or stages(participants, reads, question)
    reads_in, participants_in = stage_of_read == IN, stage_of_participant == IN
    return Inclusion(
        participants=int(participants_in.sum()),
        all_participants=len(participants),
        reads=int(reads_in.sum()),
        all_reads=len(reads),
        left_out=_left_out(participants["participant"], stage_of_participant, stage_of_read),
        later_mris=int((participants["mris"].to_numpy()[participants_in] - 1).sum()),
        not_assessable=int(reads["not_assessable"].to_numpy()[reads_in].sum()),
        adjudicated=int(reads["adjudicated"].to_numpy()[reads_in].sum()) if question.grades == "adjudicated" else 0,
        fat_for_restriction=_fat_for_restriction(reads, stage_of_read, question),
        covariate_missing=_covariate_missing(participants[participants_in], question, defined),
    )


def stages(participants: pd.DataFrame, reads: pd.DataFrame, question: Question) -> Stages:
    """Find what stops each participant, and each read: its place in STAGES, IN where nothing does."""
    stage_of_read = _stages_of_reads(reads, question)
    return _stages_of_participants(participants, reads, stage_of_read, question), stage_of_read


def _stages_of_reads(reads: pd.DataFrame, question: Question) -> np.ndarray:
    """(reads,) the place in STAGES of what stops each read, IN where nothing does."""
    stopped = _stops_of_participants(reads, question) | {
        "later_mri": ~reads["is_first_mri"].astype(bool),
        "not_signed_off": reads["status"] != "signed_off",
        "reread": reads["occasion"] > 1,
        "other_sequence": (reads["sequence"] != question.sequence) & bool(question.sequence),
        "other_reader": ~reads["reader"].isin(question.readers) & bool(question.readers),
    }
    usable = _first_stop(stopped, len(reads)) == IN
    is_fat, has_grades = reads["feature"] == "fat", reads["assessed"] + reads["not_assessable"] > 0
    read_for_edema = reads["participant"].isin(reads.loc[usable & ~is_fat & has_grades, "participant"])
    stopped |= {
        "fat_beside_edema": is_fat & read_for_edema & (question.analysis_set != "fat"),
        "fat_only": is_fat & (question.analysis_set == "edema"),
        "edema_only": ~is_fat & (question.analysis_set == "fat"),
        "nothing_assessed": reads["assessed"] == 0,
    }
    return _first_stop(stopped, len(reads))


def _stages_of_participants(
    participants: pd.DataFrame, reads: pd.DataFrame, stage_of_read: np.ndarray, question: Question
) -> np.ndarray:
    """(participants,) the furthest that a read came; for those without reads, what stops them."""
    unread = _stops_of_participants(participants, question) | {"no_mri": participants["mris"] == 0}
    without = np.minimum(_first_stop(unread, len(participants)), STAGES.index("no_read"))
    furthest = pd.Series(stage_of_read, dtype=float).groupby(reads["participant"].to_numpy()).max()
    return participants["participant"].map(furthest).fillna(pd.Series(without, index=participants.index)).to_numpy(int)


def _stops_of_participants(table: pd.DataFrame, question: Question) -> dict[str, pd.Series]:
    stopped = {
        "withdrawn": table["withdrawn"].astype(bool),
        "other_group": ~table["group"].isin([question.reference, question.compared]),
    }
    for name in ("sex", "autoantibody"):
        asked, missing = getattr(question, name), table[name] == ""
        stopped[f"other_{name}"] = (table[name] != asked) & ~missing & bool(asked)
        stopped[f"{name}_missing"] = missing & bool(asked)
    return stopped


def _first_stop(stopped: dict[str, pd.Series], rows: int) -> np.ndarray:
    """(rows,) the place in STAGES of the first stage that stops each row, IN where none does."""
    found = np.full(rows, IN)
    for name in sorted(stopped, key=STAGES.index, reverse=True):
        found[stopped[name].to_numpy(dtype=bool)] = STAGES.index(name)
    return found


def _left_out(codes: pd.Series, stage_of_participant: np.ndarray, stage_of_read: np.ndarray) -> tuple[LeftOut, ...]:
    found = []
    for place, stage in enumerate(STAGES):
        stopped = sorted(codes[stage_of_participant == place])
        reads = int((stage_of_read == place).sum())
        if stopped or reads:
            found.append(LeftOut(stage, len(stopped), reads, tuple(stopped[:MOST_CODES])))
    return tuple(found)


def _covariate_missing(participants: pd.DataFrame, question: Question, defined: Iterable[Covariate]) -> LeftOut | None:
    """Those of who is in whom adjusted models leave out; None where nobody is."""
    is_missing = np.zeros(len(participants), dtype=bool)
    covariates = Covariates(question.adjust, participants, tuple(defined))
    for covariate in covariates.kinds:
        is_missing |= np.isnan(covariate.columns(participants[covariate.name])).any(axis=1)
    codes = sorted(participants.loc[is_missing, "participant"])
    return LeftOut("covariate_missing", len(codes), 0, tuple(codes[:MOST_CODES])) if codes else None


def _fat_for_restriction(reads: pd.DataFrame, stage_of_read: np.ndarray, question: Question) -> int:
    if question.analysis_set == "fat":
        return 0  # there nobody is in by fat for want of edema reads
    in_by_fat = reads.loc[(stage_of_read == IN) & (reads["feature"] == "fat"), "participant"]
    # Who is in by fat has no edema read with grades: where a side is asked for, the grades may be of the other one.
    restricting = [*_RESTRICTED, *([STAGES.index("nothing_assessed")] if question.side else [])]
    restricted_edema = np.isin(stage_of_read, restricting) & (reads["feature"] == "edema")
    return int(in_by_fat[in_by_fat.isin(reads.loc[restricted_edema, "participant"])].nunique())
