from django.apps import AppConfig


class EnablementConfig(AppConfig):
    name = "enablement"

    def ready(self) -> None:
        from enablement import events, letters, metrics, receivers, tasks  # noqa: F401
