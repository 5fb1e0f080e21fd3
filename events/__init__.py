"""What happened: the one append-only log from which timeline, audit, receivers and notifications are made."""
