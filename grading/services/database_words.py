"""What the database refuses, in words."""

from django.db import IntegrityError
from django.db.models import ProtectedError

NOTHING_STORED = "Nothing was stored."
# Rules that say nothing of themselves. Triggers raise sentences of their own.
SENTENCES = {
    "read_reader_is_a_reader_of_the_study": (
        "This person has reads in the study, and so remains a reader of it. They can be suspended."
    ),
    "group_one_reference_per_study": "Exactly one group is the reference.",
    "group_code_per_study": "Another group of the study has this code.",
    "grading_study_slug_key": "Another study has this short name.",
    "auth_user_username_key": "Another account has this user name.",
    "member_one_role_per_study": "This person already has a role in this study.",
}


def violates(error: IntegrityError, rule: str) -> bool:
    return _rule(error) == rule


def _rule(error: IntegrityError) -> str:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def in_words(error: IntegrityError) -> str:
    """Say what the database refused: by the rule's sentence, the trigger's own, or, of any other rule, by its name."""
    if isinstance(error, ProtectedError):
        return f"It is still in use, and stays. {NOTHING_STORED}"
    said = getattr(error.__cause__, "diag", None)
    rule = _rule(error)
    if rule in SENTENCES:
        return f"{SENTENCES[rule]} {NOTHING_STORED}"
    if said is not None and said.context and "RAISE" in said.context:  # of a trigger
        return f"{said.message_primary} {NOTHING_STORED}"
    what = rule.replace("_", " ") or "a rule of the database"
    return f"This breaks a rule that holds for what is stored: {what}. {NOTHING_STORED}"
