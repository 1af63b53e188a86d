"""The security headers of every answer."""

from __future__ import annotations

# Nothing from elsewhere, no script in a page: a crawled text cannot do anything here.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_YEAR = 365 * 86_400  # seconds


def headers(https: bool) -> dict[str, str]:
    found = {
        "content-security-policy": _POLICY, "x-content-type-options": "nosniff",
        # Never beyond this console; with none at all, browsers send a form's Origin as "null".
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }  # fmt: skip
    return found | ({"strict-transport-security": f"max-age={_YEAR}"} if https else {})
