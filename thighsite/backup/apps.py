"""The commands `backup` and `restore`, as Django's app."""

from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "thighsite.backup"
    label = "backup"
