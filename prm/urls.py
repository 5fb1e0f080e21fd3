"""All addresses: each app's `urls.py` offers the lists `workspace`, `portal`, `public`, `api`; here they are joined."""

from importlib import import_module
from itertools import chain

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from core import views

APPS = ["core", "accounts", "events", "metrics", "catalog", "partners", "inbox", "files", "tiers", "compliance",
        "deals", "onboarding", "enablement", "outcomes", "leads", "reviews", "home"]  # fmt: skip
modules = [import_module(f"{app}.urls") for app in APPS]


def joined(name: str) -> list:
    return list(chain.from_iterable(getattr(module, name, []) for module in modules))


urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("theme.css", views.theme, name="theme"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("manage/", include((joined("workspace"), "workspace"))),
    path("portal/", include((joined("portal"), "portal"))),
    path("api/v1/", include((joined("api"), "api"))),
    path("api/schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("", include((joined("public"), "public"))),
]

handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"
