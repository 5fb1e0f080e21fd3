"""Pages of deals, by side."""
