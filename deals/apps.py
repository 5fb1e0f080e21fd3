from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "deals"

    def ready(self) -> None:
        from accounts.roles import Permission
        from core import appendonly
        from deals import case_receivers, events, letters, metrics, notices, receivers  # noqa: F401
        from deals.models import Deal
        from files import kinds
        from partners import knowledge

        known = Deal.objects.filter(is_customer_known=True)
        knowledge.through(lambda actor: known.visible_to(actor).values("organization"))
        appendonly.declare("deals_booking")
        appendonly.declare("deals_dealnote")
        kinds.declare("deal", "deals.Deal", Permission.DEAL_EDIT)
        kinds.declare(
            "condition", "deals.Condition", Permission.DEAL_EDIT, lambda condition: condition.deal.partner
        )
        kinds.declare("case_party", "deals.CaseParty", Permission.CASE_ANSWER)
        kinds.declare("appeal", "deals.Appeal", Permission.APPEAL_FILE, lambda appeal: appeal.deal.partner)
