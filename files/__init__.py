"""Attachments: checked by content, kept outside the web root, served through the record that they belong to."""
