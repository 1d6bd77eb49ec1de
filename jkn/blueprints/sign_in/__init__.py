"""Masuk and Keluar, the end of a session, and the people whom this phone remembers."""
