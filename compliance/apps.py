from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "compliance"

    def ready(self) -> None:
        from accounts.roles import Permission
        from compliance import events, letters, metrics, receivers, tasks  # noqa: F401
        from files import kinds

        kinds.declare("gate", "compliance.GateRecord", Permission.GATE_RECORD)
