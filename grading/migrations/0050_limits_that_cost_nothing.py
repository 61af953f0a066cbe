"""Have the policies of study sites ask functions for what a limited member sees.

A policy's subselect counts as the cost of the table that it looks through, in every plan, also where no session is
limited and it is never run: lists of many reads were sorted whole instead of read in the order of an index. A function
counts as little as it is said to. So does a comparison with a site: where participants have none, it is expected to find
next to none of them.
"""

from django.db import migrations

LIMIT = "(SELECT nullif(current_setting('thighsite.limited_to', true), '')::uuid)"
NO_LIMIT = f"{LIMIT} IS NULL"
SEEN = {
    "grading_own_site": f"SELECT site_id FROM grading_member WHERE id = {LIMIT}",
    "grading_own_participants": "SELECT id FROM grading_participant WHERE site_id IN (SELECT grading_own_site())",
    "grading_own_mris": "SELECT id FROM grading_mri WHERE participant_id IN (SELECT grading_own_participants())",
    "grading_own_reads": "SELECT id FROM grading_read WHERE mri_id IN (SELECT grading_own_mris())",
}
FUNCTIONS = "".join(
    f"CREATE FUNCTION {name}() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER COST 1 ROWS 10\n"
    f"    SET search_path = pg_catalog, public, pg_temp AS $$ {found} $$;\n"
    for name, found in SEEN.items()
)
POLICIES = {
    "grading_mri": ("participant_id", "grading_own_participants", "grading_participant"),
    "grading_covariatevalue": ("participant_id", "grading_own_participants", "grading_participant"),
    "grading_read": ("mri_id", "grading_own_mris", "grading_mri"),
    "grading_stack": ("mri_id", "grading_own_mris", "grading_mri"),
    "grading_referencegrade": ("mri_id", "grading_own_mris", "grading_mri"),
    "grading_adjudicationcase": ("mri_id", "grading_own_mris", "grading_mri"),
    "grading_reopening": ("read_id", "grading_own_reads", "grading_read"),
    "grading_query": ("read_id", "grading_own_reads", "grading_read"),
}


BEFORE = f"(SELECT site_id FROM grading_member WHERE id = {LIMIT})"


def altered(table: str, column: str, seen: str) -> str:
    return f"ALTER POLICY of_own_site ON {table} USING ({NO_LIMIT} OR {column} IN (SELECT {seen}));\n"


class Migration(migrations.Migration):

    dependencies = [("grading", "0049_limits_and_the_whole_study")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS
            + altered("grading_participant", "site_id", "grading_own_site()")
            + "".join(altered(table, column, f"{new}()") for table, (column, new, _) in POLICIES.items()),
            f"ALTER POLICY of_own_site ON grading_participant USING ({NO_LIMIT} OR site_id = {BEFORE});\n"
            + "".join(altered(table, column, f"id FROM {old}") for table, (column, _, old) in POLICIES.items())
            + "".join(f"DROP FUNCTION {name}();\n" for name in reversed(SEEN)),
        ),
    ]
