"""Addresses of leads, offers, profiles and referrals."""

from typing import Any

workspace: list[Any] = []
portal: list[Any] = []
public: list[Any] = []
api: list[Any] = []
