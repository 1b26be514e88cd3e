"""Addresses of the inbox."""

from django.urls import path

from blendedu.journal import views

app_name = "journal"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("bell/", views.bell, name="bell"),
    path("read/", views.inbox_read, name="inbox-read"),
    path("rhythm/", views.rhythm, name="rhythm"),
    path("<int:pk>/open/", views.notice_open, name="notice-open"),
]
