from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        from leads import events, letters, metrics, notices, receivers, rules  # noqa: F401
        from leads.models import Lead
        from partners import knowledge

        told = Lead.objects.filter(state__in=rules.DISCLOSED, organization__isnull=False)
        knowledge.through(lambda actor: told.visible_to(actor).values("organization"))
