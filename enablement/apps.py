from django.apps import AppConfig


class EnablementConfig(AppConfig):
    name = "enablement"

    def ready(self) -> None:
        from accounts.roles import Permission
        from enablement import events, letters, metrics, receivers, tasks  # noqa: F401
        from files import kinds

        kinds.declare(
            "certification",
            "enablement.Certification",
            Permission.CERTIFICATION_RECORD,
            lambda certification: certification.contact.partner,
        )
