from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        from leads import events, letters, metrics, notices, receivers  # noqa: F401
        from leads.models import Lead
        from partners import knowledge

        # Whoever works on a lead that the partner holds knows whom it is about.
        held = Lead.objects.exclude(partner=None).exclude(organization=None)
        knowledge.through(
            lambda actor: held.visible_to(actor).filter(partner__in=actor.partner_ids or ()).values("organization")
        )
