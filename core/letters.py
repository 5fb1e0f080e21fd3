"""Letters of core itself: none; apps declare theirs in their own letters.py."""
