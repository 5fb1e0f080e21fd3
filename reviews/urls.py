"""Addresses of this app, by side."""

from typing import Any

workspace: list[Any] = []
portal: list[Any] = []
public: list[Any] = []
api: list[Any] = []
