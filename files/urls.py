"""Addresses of files."""

from django.urls import path

from files.views import public as views

public = [path("files/<uuid:pk>/", views.download, name="file_download")]
workspace: list = []
portal: list = []
api: list = []
