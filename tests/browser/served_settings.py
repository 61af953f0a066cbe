"""The site's settings where tests serve it: passwords cost little, for every test signs somebody in."""

from thighsite.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
