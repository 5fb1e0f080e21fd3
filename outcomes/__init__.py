"""What became of the work with customers: how content they are, and what partners contribute besides revenue."""
