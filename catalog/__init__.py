"""What everything refers to: markets, products, channels, reason codes, exchange rates."""
