from django.apps import AppConfig


class TiersConfig(AppConfig):
    name = "tiers"

    def ready(self) -> None:
        from accounts.roles import Permission
        from core import appendonly
        from files import kinds
        from tiers import decision_letters, events, jobs, letters, notices, receivers, tasks  # noqa: F401
        from tiers import announcement_letters, announcement_receivers, metric_uses  # noqa: F401 isort:skip

        appendonly.declare("tiers_evaluation")
        kinds.declare("tier_appeal", "tiers.TierAppeal", Permission.TIER_APPEAL)
