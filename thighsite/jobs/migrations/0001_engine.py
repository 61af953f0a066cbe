"""The tables of procrastinate 3.10."""

from django.db import migrations

from thighsite.jobs.engine_tables import change_engine_tables


class Migration(migrations.Migration):
    initial = True
    atomic = False

    dependencies = []

    operations = [change_engine_tables(after=(), up_to=(3, 10, 0))]
