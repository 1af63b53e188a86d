"""Saved searches as the API takes and lists them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from console.api.body import Sent
from console.saved_pages import LONGEST, NAME
from schemas.saved_search import SavedSearch


class SearchMade(Sent):
    name: Annotated[str, Meta(min_length=1, max_length=NAME)]
    asked: Annotated[str, Meta(min_length=1, max_length=LONGEST)]  # as in a search's address
    shared: bool = False  # seen by everybody


class SavedList(msgspec.Struct, kw_only=True):
    items: list[SavedSearch]
