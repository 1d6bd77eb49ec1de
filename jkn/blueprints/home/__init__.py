"""Beranda, and Lainnya."""
