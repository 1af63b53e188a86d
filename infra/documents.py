"""The Elasticsearch client: an id that is part of an address can be no other address."""

from __future__ import annotations

from typing import Any

from elastic_transport import ApiResponseMeta, HttpHeaders, ObjectApiResponse
from elasticsearch import AsyncElasticsearch, NotFoundError

from schemas.errors import UserError

LONGEST = 512  # bytes of an id, as Elasticsearch has it


def possible(key: str) -> bool:
    """Whether a document can go by this id. The client escapes slashes, but "." and ".." it
    sends as they are, and on the way they are resolved as folders: DELETE /watches/_doc/.. would
    be another request, of the whole index. What is too long or no text is answered by 400."""
    try:
        size = len(key.encode())
    except UnicodeEncodeError:  # half a surrogate pair
        return False
    return key not in ("", ".", "..") and size <= LONGEST


class Elasticsearch(AsyncElasticsearch):
    """Who reads, changes or deletes by an impossible id is told that nothing is there; who would
    make a document of that id, that it cannot be."""

    async def get(self, *, index: str, id: str, **more: Any) -> ObjectApiResponse[Any]:
        self._there(index, id)
        return await super().get(index=index, id=id, **more)

    async def update(self, *, index: str, id: str, **more: Any) -> ObjectApiResponse[Any]:
        self._there(index, id)
        return await super().update(index=index, id=id, **more)

    async def delete(self, *, index: str, id: str, **more: Any) -> ObjectApiResponse[Any]:
        self._there(index, id)
        return await super().delete(index=index, id=id, **more)

    async def create(self, *, index: str, id: str, **more: Any) -> ObjectApiResponse[Any]:
        _sound(id)
        return await super().create(index=index, id=id, **more)

    async def index(
        self, *, index: str, id: str | None = None, **more: Any
    ) -> ObjectApiResponse[Any]:
        """None: Elasticsearch chooses one."""
        if id is not None:
            _sound(id)
        return await super().index(index=index, id=id, **more)

    def _there(self, index: str, key: str) -> None:
        if possible(key):
            return
        node = next(iter(self.transport.node_pool.all()))
        meta = ApiResponseMeta(404, "1.1", HttpHeaders(), 0.0, node.config)
        body = {"_index": index, "_id": key, "found": False}
        raise NotFoundError(str(body), meta, body)


def _sound(key: str) -> None:
    if not possible(key):
        raise UserError(f"{key[:50]!r} cannot be the id of a document", "choose another id")
