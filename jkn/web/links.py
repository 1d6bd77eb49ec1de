"""Pages that the link of a message leads to. The browser keeps the token of one link, so a link
that was opened in another tab takes the place of the one that a page is about."""

from flask import request

from jkn.services.basics import tokens

# The field in which a form names the link that its page is about.
MARK = "tautan"


def is_of_page(token: str) -> bool:
    """Whether the form that was sent is about this link, and not about one that another tab opened
    meanwhile: a button must do what stands beside it."""
    return request.form.get(MARK) == tokens.mark(token)
