from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self) -> None:
        from accounts.roles import Permission
        from files import kinds
        from reviews import events, letters, notices, receivers, tasks  # noqa: F401

        kinds.declare("review", "reviews.Review", Permission.COMMITMENT_EDIT)
