"""Attachments over the API: their descriptions, their bytes, and adding one."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from core.api import BaseViewSet, creates, require_known
from core.parsers import StrictJSONParser
from files import actions, filters, kinds, serializers
from files.models import Attachment
from files.views.public import serve


class AttachmentViewSet(BaseViewSet):
    """Files that belong to records: deals, gates, reviews."""

    queryset = Attachment.objects.all()
    serializer_class = serializers.AttachmentSerializer
    filterset_class = filters.AttachmentFilters
    parser_classes = [MultiPartParser, StrictJSONParser]

    @creates(serializers.AttachSerializer)
    def create(self, data: dict[str, Any]) -> Attachment:
        """Add a file to a record. Sent as multipart/form-data."""
        subject = kinds.subject(self.actor, data["kind"], data["subject"])
        return actions.attach_alone(
            by=self.actor, kind=data["kind"], subject=subject, upload=data["file"], at=self.at
        )

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def content(self, request: Request, pk: str) -> FileResponse:
        """The file itself."""
        require_known(request.query_params, {"format"})
        return serve(self.actor, self.get_object().pk)
