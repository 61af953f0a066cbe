"""URLs of what investigators look at, and of the lock, below /studies/<slug>/."""

from django.urls import path

from analysis.web.views import agreement, bundle, comparison, figures, lock, planning, revision, study_report, text

urlpatterns = [
    path("studies/<slug:slug>/comparison/", comparison.comparison, name="comparison"),
    path("studies/<slug:slug>/comparison.json", comparison.comparison_json, name="comparison-json"),
    path("studies/<slug:slug>/comparison/revision.json", revision.revision, name="revision"),
    path("studies/<slug:slug>/comparison.zip", bundle.bundle, name="bundle"),
    path("studies/<slug:slug>/comparison/figures/<slug:name>.<slug:form>", figures.figure, name="figure"),
    path("studies/<slug:slug>/agreement/", agreement.agreement, name="agreement"),
    path("studies/<slug:slug>/agreement.json", agreement.agreement_json, name="agreement-json"),
    path(
        "studies/<slug:slug>/agreement/figures/<slug:name>.<slug:form>",
        figures.agreement_figure,
        name="agreement-figure",
    ),
    path("studies/<slug:slug>/agreement/cases/", agreement.cases, name="agreement-cases"),
    path("studies/<slug:slug>/planning/", planning.planning, name="planning"),
    path("studies/<slug:slug>/planning/start/", planning.start, name="start-plan"),
    path("studies/<slug:slug>/planning.json", planning.planning_json, name="planning-json"),
    path("studies/<slug:slug>/planning/figures/<slug:name>.<slug:form>", figures.plan_figure, name="plan-figure"),
    path("studies/<slug:slug>/text/", text.text, name="text"),
    path("studies/<slug:slug>/report/", study_report.study_report, name="study-report"),
    path("studies/<slug:slug>/data/lock/", lock.lock, name="lock-study"),
    path("studies/<slug:slug>/unlock/", lock.unlock, name="unlock-study"),
    path("studies/<slug:slug>/unlock/<uuid:pk>/", lock.confirm, name="confirm-unlock"),
    path("studies/<slug:slug>/unlock/<uuid:pk>/take-back/", lock.take_back, name="take-unlock-back"),
]
