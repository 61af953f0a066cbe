"""Rules of the whole study look past a limit to a study site, and study sites stay as they are in a locked study.

A rule that asks tables with policies sees, in a limited session, the rows of one study site alone. Where the row that is
written is in a table with policies itself, that is all that it needs. Where it is in another, such as a grade, or where
the rule is of the study, it would find nothing and let everything pass: so it asks with the owner's rights.
"""

from django.db import migrations

WITH_OWNERS_RIGHTS = (
    "grading_check_grades",
    "grading_check_grades_not_locked",
    "grading_check_grades_of_taking_part",
    "grading_keep_sides",
    "grading_check_readers_stay",
    "grading_check_no_open_query",
    "grading_check_covariate_stays",
    "grading_check_charter",
    "grading_check_admission",
    "grading_check_reader_graded_unseen",
)
LOCKED = """
CREATE TRIGGER study_site_not_locked BEFORE INSERT OR UPDATE OR DELETE ON grading_studysite
    FOR EACH ROW EXECUTE FUNCTION grading_check_not_locked();
"""
NOT_LOCKED = "DROP TRIGGER study_site_not_locked ON grading_studysite;\n"


def asking_with(rights: str) -> str:
    return "".join(f"ALTER FUNCTION {name}() SECURITY {rights};\n" for name in WITH_OWNERS_RIGHTS)


class Migration(migrations.Migration):

    dependencies = [("grading", "0048_study_sites")]

    operations = [
        migrations.RunSQL(asking_with("DEFINER"), asking_with("INVOKER")),
        migrations.RunSQL(LOCKED, NOT_LOCKED),
    ]
