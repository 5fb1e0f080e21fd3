"""The API of tiers, by what it is about."""
