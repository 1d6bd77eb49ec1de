"""Ubah Kata Sandi: the old one, a new one, and everybody signs in again."""
