"""What a slow phone may be made to wait for. `python -m benchmarks.pages --budgets` measures it;
nobody else writes these numbers down. Sizes are bytes, as they travel."""

_KB = 1024

# One congestion window (RFC 6928: ten segments): headers, HTML and the CSS of a first visit.
FIRST_ANSWER = 14_000
# The HTML of a page without a style sheet in it; what htmx puts into one.
PAGE = 6 * _KB
FRAGMENT = 2 * _KB

# What one page runs, htmx included.
PAGE_JS = 22 * _KB

# The whole app's.
CSS = 8 * _KB
JS = 32 * _KB
SERVICE_WORKER = 3 * _KB

CAPTCHA_PICTURE = 3 * _KB
CAPTCHA_SOUND = 35_000

# A first visit: all bytes, those included that the service worker fetches in the background once
# a version, and the requests of the page itself.
COLD_BYTES = 45 * _KB
# Much is still to be built, and what it adds to a page needs room: 2 KB of it stay free until then.
COLD_BYTES_WITH_ROOM = COLD_BYTES - 2 * _KB
COLD_REQUESTS = 6
# With the files of an earlier page at hand; nothing is asked for again. A captcha is new each
# time, so its page takes one request more.
WARM_BYTES = 6 * _KB
WARM_REQUESTS = 1
CAPTCHA_REQUESTS = 1

QUERIES = 4

# How much of the screen may jump, by how much of it (CLS).
LAYOUT_SHIFT = 0.01

# What Lighthouse says at least (`python -m benchmarks.lighthouse`), of 100.
PERFORMANCE = 99
ACCESSIBILITY = 100
BEST_PRACTICES = 100
