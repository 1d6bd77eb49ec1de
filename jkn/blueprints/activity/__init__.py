"""Riwayat aktivitas akun: every security event of the account, newest first."""

from jkn.blueprints.activity.routes import blueprint

__all__ = ["blueprint"]
