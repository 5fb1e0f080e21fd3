"""How a review or a commitment changes its state: by a move of the table, and in no other way."""

from reviews import rules
from reviews.models import Commitment, Review


def make_move(review: Review, move: str) -> Review:
    """The locked review in the state that a move leads to, unsaved. Raises Conflict where the move is closed."""
    review.state = rules.LIFECYCLE.after(review.state, move)
    return review


def make_commitment_move(commitment: Commitment, move: str) -> Commitment:
    """The same for a commitment."""
    commitment.state = rules.COMMITMENT_LIFECYCLE.after(commitment.state, move)
    return commitment
