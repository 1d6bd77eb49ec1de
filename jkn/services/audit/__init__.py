"""The record of what touched an account, its seals, and Riwayat."""
