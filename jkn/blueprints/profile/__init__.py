"""Profil, Riwayat, and Perangkat & sesi."""
