"""Addresses of programmes."""

from django.urls import path

from programmes import views

app_name = "programmes"
urlpatterns = [
    path("", views.programme_list, name="list"),
    path("<slug:code>/", views.overview, name="overview"),
    path("<slug:code>/map/", views.map_, name="map"),
    path("<slug:code>/map/add/", views.outcome_add, name="outcome-add"),
    path("<slug:code>/map/<int:pk>/edit/", views.outcome_edit, name="outcome-edit"),
    path("<slug:code>/map/<int:pk>/remove/", views.outcome_remove, name="outcome-remove"),
    path("<slug:code>/map/courses/<slug:course>/", views.aims, name="aims"),
    path("<slug:code>/load/", views.load, name="load"),
    path("<slug:code>/rules/", views.limits, name="limits"),
    path("<slug:code>/rules/<slug:rule>/", views.limit, name="limit"),
    path("<slug:code>/ceiling/", views.ceiling_change, name="ceiling-change"),
]
