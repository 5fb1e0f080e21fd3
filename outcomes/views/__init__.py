"""Pages of answers and contributions, by side."""
