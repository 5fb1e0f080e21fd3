"""How the API says what tiers know, by what it is about."""
