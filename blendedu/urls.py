"""The addresses of the whole site."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from blendedu.site import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("courses.urls")),
    path("programmes/", include("programmes.urls")),
    path("institution/", include("institution.urls")),
    path("inbox/", include("blendedu.journal.urls")),
    path("account/", include("allauth.urls")),
    path("staff/", admin.site.urls),
    path("words.js", JavaScriptCatalog.as_view(domain="djangojs"), name="words"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
