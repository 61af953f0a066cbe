"""Ways to sign in come under the trail: with a passkey or an institution's account of their own, somebody is another.

What sessions hold names their rows from here on, and tries of signing in are JSON: sessions and tries of before end,
backward likewise.
"""

from django.db import migrations

# An institution's sign-in can be switched on at any time, so `migrate` asks after every run.
ATTACH = """
CREATE FUNCTION trail_attach_accounts() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM trail_attach(name::regclass, left_out, hidden, true)
    FROM (VALUES ('mfa_authenticator', ARRAY['last_used_at'], ARRAY['data']),
                 ('socialaccount_socialaccount', ARRAY['last_login', 'extra_data'], '{}')) AS way (name, left_out, hidden)
    WHERE to_regclass(name) IS NOT NULL AND name NOT IN (SELECT table_name FROM trail_watched());
END $$;
"""
DETACH = """
SELECT trail_detach(table_name::regclass) FROM trail_watched()
WHERE table_name IN ('mfa_authenticator', 'socialaccount_socialaccount');
DELETE FROM trail_column WHERE table_name IN ('mfa_authenticator', 'socialaccount_socialaccount');
DROP FUNCTION trail_attach_accounts();
"""
END_ALL = "DELETE FROM django_session; DELETE FROM usersessions_usersession; DELETE FROM sign_in_throttle;"


class Migration(migrations.Migration):
    dependencies = [("sign_in", "0002_sessions_under_hashes"), ("grading", "0015_chain_and_seals")]

    operations = [migrations.RunSQL(ATTACH, DETACH), migrations.RunSQL(END_ALL, END_ALL)]
