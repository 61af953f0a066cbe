"""Sessions are kept under hashes of their keys from here on; those kept under the keys themselves end.

Backward likewise: to the code of before, a hash would be a key.
"""

from django.db import migrations

END_ALL = "DELETE FROM django_session; DELETE FROM usersessions_usersession;"


class Migration(migrations.Migration):
    dependencies = [
        ("sign_in", "0001_sign_in_events"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]

    operations = [migrations.RunSQL(END_ALL, END_ALL)]
