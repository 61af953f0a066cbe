"""URLs of jobs: a job's id is random, and its address names no study."""

from django.urls import path

from thighsite.jobs import views

urlpatterns = [
    path("jobs/<uuid:pk>/", views.job, name="job"),
    path("jobs/<uuid:pk>.json", views.job_json, name="job-json"),
    path("jobs/<uuid:pk>/stop/", views.stop_job, name="stop-job"),
]
