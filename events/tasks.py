"""The sealer."""

import structlog
from celery import shared_task

from core.clock import now
from events.actions import seal_events
from events.models import EventSeal

log = structlog.get_logger(__name__)


@shared_task(name="events.tasks.seal")
def seal() -> None:
    """Seal what is new; the head goes to the log, outside the database."""
    while seal_events(at=now()):
        head = EventSeal.objects.order_by("-sequence").first()
        if head:
            log.info("audit seal", sequence=head.sequence, head=head.hmac)
