from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        from leads import events, letters, metrics, notices, receivers  # noqa: F401
