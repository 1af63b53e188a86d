"""What every message and document has in common.

One msgspec Struct gives validation (strict decoding), the JSON Schema
(`tingchao schema NAME`) and the Elasticsearch mapping (`schemas.mapping`), so
message and index cannot drift apart. A field says how it is indexed through
`msgspec.Meta(extra={"es": ...})`; without a word a `str` is a keyword.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Annotated

import msgspec
from msgspec import Meta

# A keyword longer than this is kept in _source but not indexed, so that one
# absurd value cannot make Elasticsearch refuse the document.
KEYWORD_LIMIT = 1024

Time = Annotated[datetime, Meta(tz=True)]
Text = Annotated[str, Meta(extra={"es": {"type": "text"}})]
# Words cut by jieba and joined by blanks; the query is cut the same way.
CutText = Annotated[
    str, Meta(extra={"es": {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}})
]
# Kept in _source for people to read, never searched.
Stored = Annotated[
    str, Meta(extra={"es": {"type": "keyword", "index": False, "doc_values": False}})
]
Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]
Count = Annotated[int, Meta(ge=0, le=2**53)]


class Record(msgspec.Struct, kw_only=True, omit_defaults=False):
    """Base of all messages and documents."""


def content_id(*parts: str) -> str:
    """A deterministic 128-bit hex id of `parts`; the same parts, the same id."""
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


encode = msgspec.json.Encoder().encode
