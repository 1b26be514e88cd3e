"""Addresses of programmes."""

from django.urls import path

from programmes import views

app_name = "programmes"
urlpatterns = [
    path("", views.programme_list, name="list"),
    path("<slug:code>/", views.overview, name="overview"),
    path("<slug:code>/load/", views.load, name="load"),
    path("<slug:code>/ceiling/", views.ceiling_change, name="ceiling-change"),
]
