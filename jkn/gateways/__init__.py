"""The world outside: one port, or one library, a file."""
