from django.apps import AppConfig

from thighsite.garbage import look_again


class AnalysisConfig(AppConfig):
    name = "analysis"

    def ready(self) -> None:
        look_again()  # the last of the site's own applications: what is imported by now stays
