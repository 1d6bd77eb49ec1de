"""Pages that ask nobody who they are: the first page, help, terms, and how the app looks."""
