"""Notifikasi: what happened to the account, newest first."""
