"""Addresses of the institution's pages."""

from django.urls import path

from institution import views

app_name = "institution"
urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/<int:pk>/", views.unit_settings, name="unit-settings"),
    path("settings/<int:pk>/rules/", views.limits, name="limits"),
    path("settings/<int:pk>/rules/<slug:rule>/", views.limit, name="limit"),
    path("policy/", views.policy, name="policy"),
    path("policy/new/", views.rule_new, name="rule-new"),
    path("policy/<int:pk>/", views.rule, name="rule"),
    path("policy/<int:pk>/edit/", views.rule_edit, name="rule-edit"),
    path("policy/<int:pk>/withdraw/", views.rule_withdraw, name="rule-withdraw"),
]
