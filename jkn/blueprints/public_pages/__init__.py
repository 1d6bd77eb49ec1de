"""Pages that need no account: the first page, help, terms, and how the app looks."""
