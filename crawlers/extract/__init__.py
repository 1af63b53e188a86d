"""Reading a saved page: `extract(html) -> Page`. Pure: bytes in, facts out."""

from crawlers.extract.page import Page, extract

__all__ = ["Page", "extract"]
