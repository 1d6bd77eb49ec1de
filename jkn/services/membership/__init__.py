"""The membership as its participants see it: cards, family, state."""
