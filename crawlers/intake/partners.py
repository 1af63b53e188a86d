"""Who may hand in: one API key each, of which only the hash is kept."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from crawlers.sources import Source
from schemas.raw_item import Channel, Tier
from schemas.yaml_file import load_yaml

PREFIX = "tc_"


class Partner(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[\w.-]{1,80}$")]
    title: str = ""
    key_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    channel: Channel = "partner"  # where an item does not say another
    tier: Tier = "public"
    region: Annotated[str, Field(pattern=r"^\d{6,12}$")] | None = None
    department: str | None = None
    per_minute: Annotated[int, Field(ge=1, le=100_000)] = 120  # items
    forms: bool = False  # may use the forms of the staff and the departments

    def source(self) -> Source:
        """What its items are made with: a source whose name is its own."""
        return Source(
            name=f"intake.{self.name}", kind="drop", folder=Path(), channel=self.channel,
            tier=self.tier, region=self.region, department=self.department,
        )  # fmt: skip


class Partners(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    partners: list[Partner] = []

    def of(self, key: str) -> Partner | None:
        """The partner of a key. Every hash is compared, each in constant time."""
        given, found = key_hash(key), None
        for partner in self.partners:
            if hmac.compare_digest(given, partner.key_sha256):
                found = partner
        return found


def load_partners(path: Path) -> Partners:
    return load_yaml(path, Partners) if path.exists() else Partners()


def new_key() -> str:
    """256 bits of chance: nothing to be guessed, so one round of SHA-256 is hash enough."""
    return PREFIX + secrets.token_urlsafe(32)


def key_hash(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
