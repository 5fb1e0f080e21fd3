"""The gates of partner certification and the records of having passed them."""
