"""A study has sites, that is hospitals: participants belong to one, and a member may be limited to one.

To a coordinator who is limited PostgreSQL shows, and lets them store, what is of participants of their study site, whichever
statement asks: policies of rows, by the member that the session was limited to (thighsite/limiting.py). A reader who is
limited has no open read of another study site's participant. What guards the whole study sees the whole of it.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import grading.models.code_field
from grading.trail.attaching import attach_trail

# Asked for once in a statement, however many rows it looks at.
LIMIT = "(SELECT nullif(current_setting('thighsite.limited_to', true), '')::uuid)"
OWN_SITE = f"(SELECT site_id FROM grading_member WHERE id = {LIMIT})"
OWN_USER = f"(SELECT user_id FROM grading_member WHERE id = {LIMIT})"
# A subselect looks through the policies of its own table: those of reads are those of their MRIs, and so on.
SEEN = {
    "grading_participant": f"site_id = {OWN_SITE}",
    "grading_mri": "participant_id IN (SELECT id FROM grading_participant)",
    "grading_covariatevalue": "participant_id IN (SELECT id FROM grading_participant)",
    "grading_read": "mri_id IN (SELECT id FROM grading_mri)",
    "grading_stack": "mri_id IN (SELECT id FROM grading_mri)",
    "grading_referencegrade": "mri_id IN (SELECT id FROM grading_mri)",
    "grading_adjudicationcase": "mri_id IN (SELECT id FROM grading_mri)",
    "grading_adjudication": "case_id IN (SELECT id FROM grading_adjudicationcase)",
    "grading_reopening": "read_id IN (SELECT id FROM grading_read)",
    "grading_query": "read_id IN (SELECT id FROM grading_read)",
    "grading_querynote": "query_id IN (SELECT id FROM grading_query)",
    "grading_upload": f"by_id = {OWN_USER}",
}
LIMITS = "".join(
    f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n"
    f"CREATE POLICY of_own_site ON {table} USING ({LIMIT} IS NULL OR {seen});\n"
    for table, seen in SEEN.items()
)
NO_LIMITS = "".join(
    f"DROP POLICY of_own_site ON {table};\nALTER TABLE {table} DISABLE ROW LEVEL SECURITY;\n" for table in SEEN
)

RULES = """
ALTER TABLE grading_participant ADD CONSTRAINT participant_site_of_its_study
    FOREIGN KEY (study_id, site_id) REFERENCES grading_studysite (study_id, id);
ALTER TABLE grading_member ADD CONSTRAINT member_site_of_its_study
    FOREIGN KEY (study_id, site_id) REFERENCES grading_studysite (study_id, id);

-- Also what a limited session does not see is looked at: a code that is taken is taken.
ALTER FUNCTION grading_new_code(uuid) SECURITY DEFINER;
ALTER FUNCTION grading_code_is_free(uuid, text) SECURITY DEFINER;
CREATE FUNCTION grading_codes_taken(of_study uuid, asked text[]) RETURNS SETOF text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT code FROM grading_participant WHERE study_id = of_study AND code = ANY (asked)
$$;

CREATE FUNCTION grading_check_site_of_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    reads uuid[];  -- found first, by their indexes: a condition that asks for the table would look at every read
    other record;
BEGIN
    IF NOT EXISTS (SELECT FROM grading_member WHERE study_id = NEW.study_id AND site_id IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'grading_read' THEN
        reads := ARRAY[NEW.id];
    ELSIF TG_TABLE_NAME = 'grading_mri' THEN
        reads := ARRAY(SELECT id FROM grading_read WHERE mri_id = NEW.id);
    ELSIF TG_TABLE_NAME = 'grading_participant' THEN
        reads := ARRAY(SELECT grading_read.id FROM grading_read JOIN grading_mri ON grading_mri.id = grading_read.mri_id
                       WHERE grading_mri.participant_id = NEW.id);
    ELSE
        reads := ARRAY(SELECT id FROM grading_read WHERE study_id = NEW.study_id AND reader_id = NEW.user_id);
    END IF;
    SELECT username, grading_studysite.code INTO other
    FROM grading_read
    JOIN grading_mri ON grading_mri.id = grading_read.mri_id
    JOIN grading_participant ON grading_participant.id = grading_mri.participant_id
    JOIN grading_member ON grading_member.study_id = grading_read.study_id
                           AND grading_member.user_id = grading_read.reader_id
    JOIN grading_studysite ON grading_studysite.id = grading_member.site_id
    JOIN auth_user ON auth_user.id = grading_read.reader_id
    WHERE grading_read.id = ANY (reads)
          AND grading_read.signed_off_at IS NULL AND NOT is_calibration
          AND grading_participant.site_id IS DISTINCT FROM grading_member.site_id
    LIMIT 1;
    IF FOUND THEN
        PERFORM grading_refuse('open_read_of_own_site',
            format('%s is limited to the study site %s, and has open reads of other participants: hand those over or '
                   'take them back first.', other.username, other.code), TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER read_of_readers_site AFTER INSERT ON grading_read
    FOR EACH ROW WHEN (NEW.signed_off_at IS NULL) EXECUTE FUNCTION grading_check_site_of_reads();
CREATE TRIGGER read_moved_within_site AFTER UPDATE OF mri_id, reader_id, signed_off_at ON grading_read
    FOR EACH ROW WHEN (NEW.signed_off_at IS NULL AND (OLD.signed_off_at IS NOT NULL
                       OR (OLD.mri_id, OLD.reader_id) IS DISTINCT FROM (NEW.mri_id, NEW.reader_id)))
    EXECUTE FUNCTION grading_check_site_of_reads();
CREATE TRIGGER mri_moved_within_readers_site AFTER UPDATE OF participant_id ON grading_mri
    FOR EACH ROW WHEN (OLD.participant_id <> NEW.participant_id) EXECUTE FUNCTION grading_check_site_of_reads();
CREATE TRIGGER participant_moved_within_readers_site AFTER UPDATE OF site_id ON grading_participant
    FOR EACH ROW WHEN (OLD.site_id IS DISTINCT FROM NEW.site_id) EXECUTE FUNCTION grading_check_site_of_reads();
CREATE TRIGGER member_limited_with_reads_of_site AFTER INSERT OR UPDATE OF site_id, role ON grading_member
    FOR EACH ROW WHEN (NEW.site_id IS NOT NULL) EXECUTE FUNCTION grading_check_site_of_reads();

CREATE TRIGGER participant_site_corrected_with_a_reason AFTER UPDATE ON grading_participant
    FOR EACH ROW WHEN (OLD.site_id IS NOT NULL AND OLD.site_id IS DISTINCT FROM NEW.site_id)
    EXECUTE FUNCTION grading_check_correction();
CREATE TRIGGER study_site_code_can_be_seen BEFORE INSERT OR UPDATE OF code ON grading_studysite
    FOR EACH ROW EXECUTE FUNCTION grading_check_code();
"""
NO_RULES = """
DROP TRIGGER study_site_code_can_be_seen ON grading_studysite;
DROP TRIGGER participant_site_corrected_with_a_reason ON grading_participant;
DROP TRIGGER member_limited_with_reads_of_site ON grading_member;
DROP TRIGGER participant_moved_within_readers_site ON grading_participant;
DROP TRIGGER mri_moved_within_readers_site ON grading_mri;
DROP TRIGGER read_moved_within_site ON grading_read;
DROP TRIGGER read_of_readers_site ON grading_read;
DROP FUNCTION grading_check_site_of_reads();
DROP FUNCTION grading_codes_taken(uuid, text[]);
ALTER FUNCTION grading_code_is_free(uuid, text) SECURITY INVOKER;
ALTER FUNCTION grading_new_code(uuid) SECURITY INVOKER;
ALTER TABLE grading_member DROP CONSTRAINT member_site_of_its_study;
ALTER TABLE grading_participant DROP CONSTRAINT participant_site_of_its_study;
"""
FORGOTTEN = """
DELETE FROM trail_column WHERE table_name = 'grading_studysite'
    OR column_name = 'site_id' AND table_name IN ('grading_member', 'grading_participant');
"""


class Migration(migrations.Migration):

    dependencies = [("grading", "0047_targets_of_agreement")]

    operations = [
        migrations.CreateModel(
            name="StudySite",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", grading.models.code_field.CodeField(help_text="In files, such as BER.", max_length=20)),
                (
                    "name",
                    grading.models.code_field.CodeField(
                        help_text="Such as University hospital, Berlin.", max_length=100
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sites", to="grading.study"
                    ),
                ),
            ],
            options={"ordering": ("study", "code")},
        ),
        migrations.AddField(
            model_name="member",
            name="site",
            field=models.ForeignKey(
                blank=True,
                help_text="Limits a coordinator or reader to its participants. Empty: all study sites.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="members",
                to="grading.studysite",
                verbose_name="study site",
            ),
        ),
        migrations.AddField(
            model_name="participant",
            name="site",
            field=models.ForeignKey(
                blank=True,
                help_text="The hospital that the participant belongs to.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="participants",
                to="grading.studysite",
                verbose_name="study site",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("site", None), ("role__in", ["reader", "coordinator"]), _connector="OR"),
                name="member_site_of_a_role_with_limits",
                violation_error_message="Only coordinators and readers can be limited to a study site.",
            ),
        ),
        migrations.AddConstraint(
            model_name="studysite",
            constraint=models.UniqueConstraint(
                fields=("study", "code"),
                name="study_site_code_per_study",
                violation_error_message="Another study site has this code.",
            ),
        ),
        migrations.AddConstraint(
            model_name="studysite",
            constraint=models.UniqueConstraint(fields=("study", "id"), name="study_site_of_study"),
        ),
        migrations.AddConstraint(
            model_name="studysite",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", ""), _negated=True), name="study_site_code_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="studysite",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="study_site_name_not_empty"
            ),
        ),
        attach_trail("grading_studysite"),
        migrations.RunSQL(migrations.RunSQL.noop, FORGOTTEN),
        migrations.RunSQL(RULES, NO_RULES),
        migrations.RunSQL(LIMITS, NO_LIMITS),
    ]
