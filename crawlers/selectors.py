"""Where extraction needs help: the CSS selectors of a source entry."""

from __future__ import annotations

from cssselect import HTMLTranslator, SelectorError
from pydantic import BaseModel, ConfigDict, field_validator


class Selectors(BaseModel):
    """CSS selectors where extraction needs help; each one given wins over the heuristics."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    links: str | None = None  # <a> elements that lead to articles or threads
    next: str | None = None  # <a> element of the next list page
    next_part: str | None = None  # <a> element of the next page of the same article
    title: str | None = None
    body: str | None = None
    published_at: str | None = None
    author: str | None = None
    publisher: str | None = None
    post: str | None = None  # one post or reply of a thread; the others are inside it
    post_body: str | None = None
    post_author: str | None = None
    post_time: str | None = None

    @field_validator("*")
    @classmethod
    def _selects(cls, selector: str | None) -> str | None:
        if selector is not None:
            try:
                HTMLTranslator().css_to_xpath(selector)
            except (SelectorError, ValueError) as error:
                raise ValueError(f"{selector!r} is no CSS selector: {error}") from None
        return selector
