"""The security headers of every page."""

from __future__ import annotations

# Nothing from elsewhere, no scripts: a crawled text cannot do anything here.
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
