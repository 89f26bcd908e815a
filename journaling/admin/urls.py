"""Addresses of the queues page, below /admin/queues/."""

from django.urls import path

from journaling.admin import queues

urlpatterns = [
    path("", queues.show_queues, name="queues"),
    path("speak/", queues.speak, name="queues-speak"),
    path("<int:pk>/pause/", queues.pause, name="queues-pause"),
    path("<int:pk>/resume/", queues.resume, name="queues-resume"),
    path("<int:pk>/retry/", queues.retry_parked, name="queues-retry"),
    path("<int:pk>/free/", queues.free_claims, name="queues-free"),
]
