from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "onboarding"

    def ready(self) -> None:
        from onboarding import events, letters, metrics, notices, receivers, tasks  # noqa: F401
