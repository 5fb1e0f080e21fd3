"""All addresses: the lists of the apps, joined."""

urlpatterns: list = []
