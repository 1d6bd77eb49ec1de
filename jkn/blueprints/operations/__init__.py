"""Health, metrics and reports, which programs ask for, and Kotak keluar."""
