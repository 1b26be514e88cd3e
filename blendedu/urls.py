"""The addresses of the whole site."""

from django.contrib import admin
from django.urls import include, path

from blendedu.site import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("courses.urls")),
    path("programmes/", include("programmes.urls")),
    path("institution/", include("institution.urls")),
    path("inbox/", include("blendedu.journal.urls")),
    path("account/", include("allauth.urls")),
    path("staff/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
