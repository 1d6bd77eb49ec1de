"""Lupa Kata Sandi: a way back in."""
