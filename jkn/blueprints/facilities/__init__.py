"""Fasilitas kesehatan: finding one, and what is known about it."""
