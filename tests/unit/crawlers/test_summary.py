from typing import Any

import pytest

from crawlers.summary import summarise

LISTED = {"tingchao/pages": 2, "tingchao/lists": 1}


@pytest.mark.parametrize(
    ("stats", "why"),
    [
        ({"tingchao/errors/robots": 1}, "robots"),
        ({"tingchao/errors/HTTP 403": 1}, "HTTP 403"),
        (LISTED, "empty list or changed layout"),
        (LISTED | {"tingchao/links": 3, "tingchao/errors/layout": 3}, "articles: layout"),
        (LISTED | {"tingchao/links": 3, "tingchao/skipped/offsite": 3}, "articles on other hosts"),
        (LISTED | {"tingchao/links": 3}, "all seen"),
        ({"finish_reason": "shutdown"}, "stopped early (shutdown)"),
        (LISTED | {"tingchao/published": 1}, None),
    ],
)
def test_no_items_says_why(stats: dict[str, Any], why: str | None) -> None:
    assert summarise("s", "article", stats).why == why


def test_a_failed_publish_is_no_question_of_why() -> None:
    found = summarise("s", "article", LISTED | {"tingchao/publish_error": "broker gone"})
    assert (found.failed, found.why) == ("broker gone", None)
