"""Letters about a partner's state."""
