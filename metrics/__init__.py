"""What a number means: the registry that every tier, page and report asks."""
