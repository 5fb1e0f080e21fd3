from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "deals"

    def ready(self) -> None:
        from accounts.roles import Permission
        from core import appendonly
        from deals import events, letters, metrics, notices, receivers  # noqa: F401
        from files import kinds

        appendonly.declare("deals_booking")
        kinds.declare("deal", "deals.Deal", Permission.DEAL_EDIT)
        kinds.declare(
            "condition", "deals.Condition", Permission.DEAL_EDIT, lambda condition: condition.deal.partner
        )
        kinds.declare("appeal", "deals.Appeal", Permission.APPEAL_FILE, lambda appeal: appeal.deal.partner)
