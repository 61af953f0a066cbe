"""The SQL of migration 0015 for signatures: the text that is hashed is described in grading/integrity/signature.py."""

from importlib import import_module

SIGNED = """
CREATE FUNCTION grading_time_text(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
CREATE OR REPLACE FUNCTION grading_signature(signed grading_read) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to((
        jsonb_build_array(
            CASE WHEN signed.handed_out THEN 'thighsite signature 2' ELSE 'thighsite import 1' END,
            participant.code, mri.code, reader.username, signed.occasion, signed.feature, signed.sequence,
            (SELECT coalesce(jsonb_agg(
                        jsonb_build_array(muscle, side, CASE WHEN not_assessable THEN to_jsonb('not assessable'::text)
                                                        ELSE to_jsonb(score) END)
                        ORDER BY array_position(ARRAY['VL', 'VM', 'VI', 'RF', 'BFSH', 'BFLH', 'SM', 'ST', 'ADD', 'GR',
                                                      'SA'], muscle::text), side COLLATE "C"), '[]')
             FROM grading_grade WHERE read_id = signed.id))
        || CASE WHEN signed.handed_out
                THEN jsonb_build_array(signer.username, grading_time_text(signed.signed_off_at), signed.sign_off_meaning)
                ELSE jsonb_build_array(grading_time_text(signed.signed_off_at)) END
        || jsonb_build_array(
            signed.comment, signed.pairing_confirmed, grading_time_text(signed.opened_at),
            grading_time_text(signed.first_entry_at), grading_time_text(signed.last_entry_at),
            to_jsonb(signed.active_seconds)::text)
    )::text, 'UTF8')), 'hex')
    FROM grading_mri AS mri
    JOIN grading_participant AS participant ON participant.id = mri.participant_id
    CROSS JOIN auth_user AS reader CROSS JOIN auth_user AS signer
    WHERE mri.id = signed.mri_id AND reader.id = signed.reader_id AND signer.id = signed.signed_off_by_id
$$;
"""
_FIRST = import_module("grading.migrations.0007_signatures").SIGNED
NOT_SIGNED = (
    _FIRST[: _FIRST.index("CREATE FUNCTION grading_sign_read")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    + "DROP FUNCTION grading_time_text(timestamptz);"
)
