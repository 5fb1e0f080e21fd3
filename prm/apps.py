"""The project as Django's last app: what is done once, when everything is loaded."""

import gc

from django.apps import AppConfig


class PrmConfig(AppConfig):
    """What the process has loaded by now stays until it ends."""

    name = "prm"

    def ready(self) -> None:
        gc.collect()
        gc.freeze()  # else the collector goes through it all again and again: a quarter of the time of a long run
