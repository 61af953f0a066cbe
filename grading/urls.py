"""URLs of grading: reads, and data in and out. Whatever shows in a URL is a random UUID or, for those
who may see the groups, a study's slug, which may name them."""

from django.urls import path

from grading.views import assigning, data, examples, home, members, participants, reads, reopening, taking_back, trail
from grading.views.corrections import deleting, moving, values, withdrawing

urlpatterns = [
    path("", home.home, name="home"),
    path("theme/", home.set_theme, name="set-theme"),
    path("health/", home.health, name="health"),
    path("open/<uuid:pk>/", home.open_study, name="open-study"),
    path("reading/<uuid:pk>/", reads.worklist, name="worklist"),
    path("reads/<uuid:pk>/", reads.read, name="read"),
    path("reads/<uuid:pk>/grades/", reads.save_grade, name="save-grade"),
    path("reads/<uuid:pk>/description/", reads.describe, name="describe-read"),
    path("reads/<uuid:pk>/sign-off/", reads.sign_off, name="sign-off"),
    path("studies/<slug:slug>/data/", data.data, name="data"),
    path("studies/<slug:slug>/data/participants/", data.take_participants, name="import-participants"),
    path("studies/<slug:slug>/data/grades/", data.take_grades, name="import-grades"),
    path("studies/<slug:slug>/data/settings/", data.change_settings, name="study-settings"),
    path("studies/<slug:slug>/data/assign/", assigning.assign_reads, name="assign-reads"),
    path("studies/<slug:slug>/data/assign-again/", assigning.assign_rereads, name="assign-rereads"),
    path("studies/<slug:slug>/data/take-back/", taking_back.take_back, name="take-back-reads"),
    path("studies/<slug:slug>/data/reads/", reopening.reads, name="reads"),
    path("studies/<slug:slug>/data/reads/<uuid:pk>/reopen/", reopening.reopen, name="reopen"),
    path("studies/<slug:slug>/data/trail/", trail.trail, name="trail"),
    path("studies/<slug:slug>/data/trail.csv", trail.export, name="export-trail"),
    path("studies/<slug:slug>/participants/", participants.participants, name="participants"),
    path("studies/<slug:slug>/participants/<uuid:pk>/", participants.participant, name="participant"),
    path("studies/<slug:slug>/participants/<uuid:pk>/correct/", values.correct, name="correct-participant"),
    path("studies/<slug:slug>/participants/<uuid:pk>/mris/", values.correct_mris, name="correct-mris"),
    path("studies/<slug:slug>/participants/<uuid:pk>/merge/", moving.merge, name="merge-participant"),
    path("studies/<slug:slug>/participants/<uuid:pk>/withdraw/", withdrawing.withdraw, name="withdraw-participant"),
    path("studies/<slug:slug>/participants/<uuid:pk>/take-back/", withdrawing.take_back, name="take-withdrawal-back"),
    path("studies/<slug:slug>/participants/<uuid:pk>/delete/", deleting.delete, name="delete-participant"),
    path("studies/<slug:slug>/mris/<uuid:pk>/move/", moving.move_mri, name="move-mri"),
    path("studies/<slug:slug>/mris/<uuid:pk>/delete/", deleting.delete_mri, name="delete-mri"),
    path("studies/<slug:slug>/members/", members.people, name="members"),
    path("studies/<slug:slug>/members/invite/", members.invite, name="invite"),
    path("studies/<slug:slug>/members/add/", members.add, name="add-member"),
    path("studies/<slug:slug>/members/<uuid:pk>/role/", members.change_role, name="change-role"),
    path("studies/<slug:slug>/members/<uuid:pk>/remove/", members.remove, name="remove-member"),
    path("studies/<slug:slug>/members/<uuid:pk>/suspend/", members.suspend, name="suspend-member"),
    path("studies/<slug:slug>/members/<uuid:pk>/end-suspension/", members.end_suspension, name="end-suspension"),
    path("studies/<slug:slug>/members/<uuid:pk>/sessions/", members.end_sessions, name="end-member-sessions"),
    path("studies/<slug:slug>/members/<uuid:pk>/link/", members.new_link, name="new-link"),
    path("studies/<slug:slug>/data/grades.csv", data.export_grades, name="export-grades"),
    path("studies/<slug:slug>/data/participants.csv", data.export_participants, name="export-participants"),
    path("studies/<slug:slug>/data/codebook.csv", data.export_codebook, name="export-codebook"),
    path(
        "studies/<slug:slug>/data/examples/participants.csv",
        examples.example,
        {"what": "participants"},
        name="example-participants",
    ),
    path(
        "studies/<slug:slug>/data/templates/participants.csv",
        examples.template,
        {"what": "participants"},
        name="template-participants",
    ),
    path("studies/<slug:slug>/data/examples/grades.csv", examples.example, {"what": "grades"}, name="example-grades"),
    path(
        "studies/<slug:slug>/data/templates/grades.csv", examples.template, {"what": "grades"}, name="template-grades"
    ),
]
