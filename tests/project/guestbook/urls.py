from django.urls import path

from guestbook import api, views

urlpatterns = [
    path("", views.index, name="index"),
    path("health", views.health, name="health"),
    path("api/entries", api.entries),
    path("api/entries/count", api.count),
    path("api/slow", api.slow),
    path("api/upload", api.upload),
    path("api/download", api.download),
    path("api/headers", api.headers),
    path("api/long-header", api.long_header),
    path("api/bad-gateway", api.bad_gateway),
    path("api/path/<path:rest>", api.path),
    path("api/environment/<str:name>", api.environment),
]
