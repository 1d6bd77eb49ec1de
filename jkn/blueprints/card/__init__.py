"""Kartu: the membership cards of the family."""
