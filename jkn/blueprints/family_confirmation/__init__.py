"""Somebody of the family says whether a new account is their relative's."""
