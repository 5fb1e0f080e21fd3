"""Registrations from a file: read it, say row by row what would become of it, register them in batches."""
