"""Daftar: the ways to an account."""
