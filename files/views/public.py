"""The one address of every file; who may fetch it is asked each time."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.actors import Actor
from files.models import Attachment

# Even an unsafe file does nothing in a browser: it is saved, not shown, and would run without rights.
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store, private",
}


@require_safe
def download(request: HttpRequest, pk: UUID) -> FileResponse:
    """A file, to whoever may see it and the record that it belongs to; 404 to everyone else."""
    return serve(request.actor, pk)  # type: ignore[attr-defined]


def serve(actor: Actor, pk: UUID) -> FileResponse:
    attachment = get_object_or_404(Attachment.objects.visible_to(actor), pk=pk)
    if not attachment.subject_is_visible_to(actor) or not default_storage.exists(attachment.path):
        raise Http404
    content = default_storage.open(attachment.path)
    answer = FileResponse(
        content, as_attachment=True, filename=attachment.name, content_type=attachment.content_type
    )
    for name, value in HEADERS.items():
        answer[name] = value
    return answer
