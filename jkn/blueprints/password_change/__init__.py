"""Ubah Kata Sandi: a new password for the old one; then the person is signed out everywhere."""
