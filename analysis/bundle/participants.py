"""The participants of a comparison as the bundle's tables: Table 1, and the flow."""

from collections.abc import Iterator
from typing import get_args

from analysis.stats.result_types.described import CharacteristicName, DescribedParticipants, Reason, StepName
from grading.csv.columns import Column
from grading.csv.lines import csv_lines

_GROUP = Column("group", "text", "", "", "diagnosis group; empty for all participants together")
_UNIT = "that of the characteristic"

TABLE_ONE_COLUMNS = (
    Column(
        "characteristic",
        "text",
        "",
        f"{' '.join(get_args(CharacteristicName))}, covariates of the study",
        "what is described",
    ),
    Column("level", "text", "", "", "of what is counted; empty of a number, and where nobody has a level"),
    _GROUP,
    Column("n", "integer", "participants", "", "participants with a value"),
    Column("missing", "integer", "participants", "", "participants without a value"),
    Column("count", "integer", "participants", "", "participants of this level; empty where there is none"),
    Column("median", "number", _UNIT, "", "median"),
    Column("q1", "number", _UNIT, "", "first quartile (type 7)"),
    Column("q3", "number", _UNIT, "", "third quartile (type 7)"),
    Column("mean", "number", _UNIT, "", "mean"),
    Column("sd", "number", _UNIT, "", "standard deviation (n − 1)"),
    Column("min", "number", _UNIT, "", "least value"),
    Column("max", "number", _UNIT, "", "largest value"),
)
FLOW_COLUMNS = (
    Column("step", "text", "", " ".join(get_args(StepName)), "step of the flow"),
    Column(
        "left_out_for",
        "text",
        "",
        " ".join(get_args(Reason)),
        "why these were left out on the way to the step; empty for those who came to it",
    ),
    _GROUP,
    Column("participants", "integer", "participants", "", "how many participants"),
    Column("reads", "integer", "reads", "", "how many reads"),
)


def table_one_csv(described: DescribedParticipants) -> str:
    """Write a row for each characteristic, or level of one, of each group and of all; every digit of every number."""
    return "".join(csv_lines([column.name for column in TABLE_ONE_COLUMNS], _table_one_rows(described)))


def flow_csv(described: DescribedParticipants) -> str:
    """Write a row for each step, and for each reason on the way to it, of each group and of all."""
    return "".join(csv_lines([column.name for column in FLOW_COLUMNS], _flow_rows(described)))


def _table_one_rows(described: DescribedParticipants) -> Iterator[tuple[object, ...]]:
    for each in described["characteristics"]:
        for group, own in [*each["by_group"].items(), ("", each["total"])]:
            levels: list[tuple[str, int | None]] = [*own["levels"].items()]
            for level, count in levels or [("", None)]:
                numbers = [own["median"], own["q1"], own["q3"], own["mean"], own["sd"], own["min"], own["max"]]
                yield each["name"], level, group, own["n"], own["missing"], count, *numbers


def _flow_rows(described: DescribedParticipants) -> Iterator[tuple[object, ...]]:
    for step in described["flow"]:
        of_reasons = [(each["reason"], each["participants"], each["reads"]) for each in step["left_out"]]
        for reason, participants, reads in [*of_reasons, ("", step["participants"], step["reads"])]:
            for group, number in participants["by_group"].items():
                yield step["step"], reason, group, number, reads["by_group"][group]
            yield step["step"], reason, "", participants["total"], reads["total"]
