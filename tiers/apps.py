from django.apps import AppConfig


class TiersConfig(AppConfig):
    name = "tiers"

    def ready(self) -> None:
        from core import appendonly
        from tiers import events, letters, receivers, tasks  # noqa: F401

        appendonly.declare("tiers_evaluation")
