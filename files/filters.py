"""Filters of attachments."""

import django_filters
from django.utils.translation import gettext_lazy as _

from files.models import Attachment


class AttachmentFilters(django_filters.FilterSet):
    kind = django_filters.CharFilter(label=_("Kind"), max_length=40)
    subject = django_filters.UUIDFilter("subject_id", label=_("Subject"))
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))

    class Meta:
        model = Attachment
        fields: list[str] = []
