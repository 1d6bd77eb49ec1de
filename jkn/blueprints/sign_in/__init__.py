"""Masuk and Keluar, the end of a session, and who this phone knows."""
