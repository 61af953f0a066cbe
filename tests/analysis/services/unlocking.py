"""Unlocking a study as people do, each in a browser of their own."""

from django.test import Client
from django.urls import reverse

from grading.models import Study


def browser_of(user) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def ask(study, user, reason="Locked a week too early."):
    return browser_of(user).post(reverse("unlock-study", args=[study.slug]), {"reason": reason}, follow=True)


def confirm(study, user):
    asked = study.unlocks.latest("asked_at")
    return browser_of(user).post(reverse("confirm-unlock", args=[study.slug, asked.pk]), follow=True)


def is_locked(study) -> bool:
    return Study.objects.get(pk=study.pk).is_locked


def unlocked(study, first, second):
    ask(study, first)
    assert confirm(study, second).status_code == 200
    return Study.objects.get(pk=study.pk)
