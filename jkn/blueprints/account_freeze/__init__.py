"""Bukan saya: closing an account that somebody else got into."""
