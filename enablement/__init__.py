"""Tracks, the certifications that partners' people hold, and learning plans."""
