"""Bukan saya: freezing an account that somebody else got into."""
