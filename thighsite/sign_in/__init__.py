"""Signing in: passwords, passkeys, second factors, sessions that end, and the trail of all of it.

django-allauth brings the mechanisms; here is what this site asks of them.

    sign in ─► (second factor) ─► session ─► idle or ended
        └────────────┴───────────────┴──────────┴──► trail
"""
