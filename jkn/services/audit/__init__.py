"""The audit log, its seals, and Riwayat."""
