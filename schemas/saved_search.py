"""SavedSearch: a search that somebody wants to find again (index `saved-searches`)."""

from __future__ import annotations

from schemas.base import Record, Stored, Time


class SavedSearch(Record, kw_only=True):
    schema: int = 1
    id: str
    name: str
    asked: Stored  # the address's query, without its page
    owner: str  # id of the account
    shared: bool = False  # seen by everybody; only its owner may take it away
    added_at: Time
