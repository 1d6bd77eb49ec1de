"""The rules, one task of the user a file. Nothing here knows of the web."""
