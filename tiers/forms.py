"""Forms of tiers. The moves have nothing to fill in: the page says what will happen."""

from core.forms import BaseForm


class Nothing(BaseForm):
    """A move that asks for nothing but a decision."""
