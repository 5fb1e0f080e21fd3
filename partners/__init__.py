"""Organisations, partners, the people at partners, and the categories they belong to."""
