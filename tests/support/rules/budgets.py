"""What a slow phone may be made to wait for. `python -m benchmarks.pages --budgets` measures it;
these numbers stand nowhere else. Sizes are bytes on the wire."""

_KB = 1024

# One congestion window (RFC 6928: ten segments): headers, HTML and the CSS of a first visit.
FIRST_ANSWER = 14_000
# The HTML of a page without its style sheet, and a part that htmx puts into a page.
PAGE = 6 * _KB
FRAGMENT = 2 * _KB

# The scripts of one page, htmx included.
PAGE_JS = 22 * _KB

# Of the whole app.
CSS = 8 * _KB
JS = 32 * _KB
SERVICE_WORKER = 3 * _KB

CAPTCHA_PICTURE = 3 * _KB
CAPTCHA_SOUND = 35_000

# A first visit: all bytes, those included that the service worker fetches in the background once
# a version, and the requests of the page itself.
COLD_BYTES = 45 * _KB
# 2 KB of it stay free for what is not built yet.
COLD_BYTES_WITH_ROOM = COLD_BYTES - 2 * _KB
COLD_REQUESTS = 6
# With the files of an earlier page at hand; nothing is asked for again.
WARM_BYTES = 6 * _KB
WARM_REQUESTS = 1

QUERIES = 4

# Cumulative layout shift (CLS): how much of the screen may jump, and how far.
LAYOUT_SHIFT = 0.01

# The least scores of Lighthouse, of 100 (`python -m benchmarks.lighthouse`).
PERFORMANCE = 99
ACCESSIBILITY = 100
BEST_PRACTICES = 100
