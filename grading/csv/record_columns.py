"""The columns of the trail's CSV and of the codebook's own, which tell of the others. Pure: no Django."""

from grading.csv.columns import Column


def _column(name: str, meaning: str, kind: str = "text", unit: str = "") -> Column:
    return Column(name, kind, unit, "", meaning)


_ABOUT = (
    "whom or what the record is about: username of a member, code of a participant, MRI or group, also of one that is "
    "gone; empty for reads"
)
TRAIL_COLUMNS = (
    _column(
        "record",
        "number of the record; what one statement changed in one row, or in one read's grades, is one record",
        "whole number",
    ),
    _column("at", "when, by PostgreSQL's clock", "time", "UTC"),
    _column("person", "user name of who was signed in; empty for a program"),
    _column("source", "the program: `site`, or a command"),
    _column("database_role", "role of the database that it was connected as"),
    _column("what", "what was changed, in the glossary's words"),
    _column("operation", "added, changed or deleted"),
    _column(
        "participant",
        "of the read that it belongs to, also of one that is gone, as the next four; empty for anything else",
    ),
    _column("mri", "code of the examination"),
    _column("reader", "whose read it is"),
    _column("feature", "what the read is graded for"),
    _column("occasion", "1, or more for re-reads", "whole number"),
    _column("changed", "which value"),
    _column("from", "what it was; empty where it was not there"),
    _column("to", "what it became; empty where it is no longer there"),
    _column("reason", "the reason that was given, as for a reopening or a correction"),
    _column(
        "vouched",
        "whether the site proved that it made the change, for this person; empty in records from before it did",
        "true or false",
    ),
    _column("hash", "SHA-256 of the record and of the one before it in its chain; the same in each row of a record"),
    _column("about", _ABOUT),
    _column("happened", "what happened, in the words of the page: read taken back, role of anna changed"),
    _column(
        "act",
        "the same number in all records of one transaction; empty in records from before they had one",
        "whole number",
    ),
    _column("blind_code", "what the read that it belongs to is called to its reader"),
)
_OF_MRI = (_column("participant", "code of the participant"), _column("mri", "code of the examination"))
QUERY_COLUMNS = (
    *_OF_MRI,
    _column("reader", "who was asked"),
    _column("occasion", "1, or more for re-reads", "whole number"),
    _column("feature", "what the read is graded for"),
    _column("blind_code", "what the read is called to its reader"),
    _column("query", "the same in all steps of one query"),
    _column("muscle", "what was asked about; empty for the whole case"),
    _column("side", "of the muscle; empty for the whole case"),
    _column("rule", "by which the site proposed it; empty where a coordinator asked by themselves"),
    _column("number", "of the step, from 1", "whole number"),
    _column("kind", "asked, answered, closed, or dismissed, which is of proposals that no reader saw"),
    _column("text", "what was said"),
    _column("at", "when", "time", "UTC"),
    _column("person", "who said it"),
)
ADJUDICATION_COLUMNS = (
    *_OF_MRI,
    _column("feature", "what the reads are graded for"),
    _column("muscle", "which muscle"),
    _column("side", "of the muscle"),
    _column("number", "of the decision on the muscle, from 1; the last counts", "whole number"),
    _column("between", "the readers' grades that it was decided between; NA: not assessable"),
    _column("score", "what was decided; empty for not assessable", "whole number"),
    _column("not_assessable", "whether the muscle was found not assessable", "true or false"),
    _column("reason", "why"),
    _column("person", "the adjudicator, or in a consensus reading who was signed in"),
    _column("at", "when", "time", "UTC"),
    _column("blind_code", "what the case is called to adjudicators"),
    _column("how", "adjudicator, or consensus of its readers"),
    _column("present", "in a consensus reading, all who decided together"),
    _column("corrects", "number of the decision that this one corrects; empty where it corrects none", "whole number"),
)
CODEBOOK_COLUMNS = (
    _column("table", "which export the column is of, by its layout; words: what imports take for one another"),
    _column("column", "name of the column"),
    _column("type", "what its values are"),
    _column("unit", "in what they are measured"),
    _column("allowed", "what they may be"),
    _column("meaning", "what they say"),
)
