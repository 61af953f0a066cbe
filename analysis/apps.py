from django.apps import AppConfig

from thighsite.garbage import look_seldom


class AnalysisConfig(AppConfig):
    name = "analysis"

    def ready(self) -> None:
        look_seldom()  # the last of the site's own applications: what is imported by now stays
