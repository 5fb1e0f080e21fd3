"""Quarterly business reviews: planned, reminded, held, signed off by both sides, with commitments that carry over."""
