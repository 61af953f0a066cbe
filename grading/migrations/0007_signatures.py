"""Signatures: PostgreSQL computes them at sign-off, so that an import, the admin and psql sign alike.

The text that is hashed is described in grading/integrity/signature.py, which computes it a second time, to compare.
"""

from django.conf import settings
from django.db import migrations, models

SIGNED = """
CREATE FUNCTION grading_signature(signed grading_read) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        'thighsite signature 1', participant.code, mri.code, reader.username, signed.occasion, signed.feature,
        signed.sequence,
        (SELECT coalesce(jsonb_agg(
                    jsonb_build_array(muscle, side, CASE WHEN not_assessable THEN to_jsonb('not assessable'::text)
                                                    ELSE to_jsonb(score) END)
                    ORDER BY array_position(ARRAY['VL', 'VM', 'VI', 'RF', 'BFSH', 'BFLH', 'SM', 'ST', 'ADD', 'GR',
                                                  'SA'], muscle::text), side COLLATE "C"), '[]')
         FROM grading_grade WHERE read_id = signed.id),
        signer.username, to_char(signed.signed_off_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        signed.sign_off_meaning
    )::text, 'UTF8')), 'hex')
    FROM grading_mri AS mri
    JOIN grading_participant AS participant ON participant.id = mri.participant_id
    CROSS JOIN auth_user AS reader CROSS JOIN auth_user AS signer
    WHERE mri.id = signed.mri_id AND reader.id = signed.reader_id AND signer.id = signed.signed_off_by_id
$$;
CREATE FUNCTION grading_sign_read() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'signed_off' THEN
        NEW.signature := '';
    ELSIF TG_OP = 'INSERT' OR OLD.status <> 'signed_off' THEN
        NEW.signature := coalesce(grading_signature(NEW), '');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER read_is_signed BEFORE INSERT OR UPDATE OF status ON grading_read
    FOR EACH ROW EXECUTE FUNCTION grading_sign_read();
"""
NOT_SIGNED = """
DROP TRIGGER read_is_signed ON grading_read;
DROP FUNCTION grading_sign_read();
DROP FUNCTION grading_signature(grading_read);
"""

# What was signed off before there were signatures.
FILLED = """
ALTER TABLE grading_read DISABLE TRIGGER read_signed_off_is_frozen;
UPDATE grading_read SET signature = grading_signature(grading_read) WHERE status = 'signed_off';
ALTER TABLE grading_read ENABLE TRIGGER read_signed_off_is_frozen;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0006_trail'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='read',
            name='signature',
            field=models.CharField(blank=True, editable=False, help_text='SHA-256 of what was signed. Only PostgreSQL writes it.', max_length=64),
        ),
        migrations.AddField(
            model_name='study',
            name='password_at_sign_off',
            field=models.BooleanField(default=False, help_text='For readers who sign in with a password of this site.', verbose_name='ask readers for their password at every sign-off'),
        ),
        migrations.RunSQL(SIGNED, NOT_SIGNED),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='read',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('signature__regex', '^[0-9a-f]{64}$'), ('status', 'signed_off')), models.Q(models.Q(('status', 'signed_off'), _negated=True), ('signature', '')), _connector='OR'), name='read_signature_of_a_sign_off'),
        ),
    ]
