"""The ways into an account, and what closes it: sign-in, registration, recovery, PIN, freeze."""
