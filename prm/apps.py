"""The project as Django's last app: what is done once, when everything is loaded."""

import gc

from django.apps import AppConfig


class PrmConfig(AppConfig):
    """What the process has loaded by now stays until it ends."""

    name = "prm"

    def ready(self) -> None:
        gc.collect()
        gc.freeze()  # else the collector goes through it all again and again: a third of the time of long runs
