"""The key of the author hashes: from the settings, else made once in the data folder."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache

from infra.settings import settings
from schemas.errors import UserError


@lru_cache
def author_key() -> bytes:
    """The same key in every process of this installation."""
    config = settings()
    if config.author_key:
        return config.author_key.get_secret_value().encode()
    path = config.data / "author.key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".author.key.{os.getpid()}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(temporary, path)  # fails when another process was first: its key counts
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
        return path.read_text("utf-8").strip().encode()
    except OSError as error:
        raise UserError(
            f"cannot keep the author key in {path}: {error.strerror}", "set TINGCHAO_AUTHOR_KEY"
        ) from None
