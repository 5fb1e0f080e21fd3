"""Addresses of core: saved views, and the words behind the API's problem types."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from core import mail_api, mail_pages, views
from core.saved_views import RemoveView, SaveView

router = SimpleRouter()
router.register("mails", mail_api.MailViewSet, "mails")

workspace: list[Any] = [
    path("mail/", mail_pages.MailList.as_view(), name="mail"),
    path("mail/<uuid:pk>/", mail_pages.MailRecord.as_view(), name="mail-record"),
    path("mail/<uuid:pk>/retry/", mail_pages.RetryMail.as_view(), name="retry-mail"),
    path("views/save/", SaveView.as_view(), name="save-view"),
    path("views/<uuid:pk>/remove/", RemoveView.as_view(), name="remove-view"),
]
portal: list[Any] = [
    path("views/save/", SaveView.as_view(side="portal"), name="save-view"),
    path("views/<uuid:pk>/remove/", RemoveView.as_view(side="portal"), name="remove-view"),
]
public: list[Any] = [path("api/docs/problems/", views.problems, name="problems")]
api: list[Any] = router.urls
