"""URLs of grading: reads, and data in and out. Whatever shows in a URL is a random UUID or a study's slug."""

from django.urls import path

from grading.views import home, reads

urlpatterns = [
    path("", home.home, name="home"),
    path("theme/", home.set_theme, name="set-theme"),
    path("health/", home.health, name="health"),
    path("studies/<slug:slug>/reads/", reads.worklist, name="worklist"),
    path("reads/<uuid:pk>/", reads.read, name="read"),
    path("reads/<uuid:pk>/grades/", reads.save_grade, name="save-grade"),
    path("reads/<uuid:pk>/description/", reads.describe, name="describe-read"),
    path("reads/<uuid:pk>/sign-off/", reads.sign_off, name="sign-off"),
]
