"""Who may hand in: one API key each, of which only the hash is kept."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawlers.sources import Source
from schemas.errors import UserError
from schemas.raw_item import Channel, Tier
from schemas.yaml_file import load_yaml

PREFIX = "tc_"
MIN_KEY = 20  # characters of one that stands in the environment


class Partner(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[\w.-]{1,80}$")]
    title: str = ""
    key_sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    key_env: Annotated[str, Field(pattern=r"^([A-Z][A-Z0-9_]*)?$")] = ""  # where the key stands
    channel: Channel = "partner"  # where an item does not say another
    tier: Tier = "public"
    region: Annotated[str, Field(pattern=r"^\d{6,12}$")] | None = None
    department: str | None = None
    per_minute: Annotated[int, Field(ge=1, le=100_000)] = 120  # items
    forms: bool = False  # may use the forms of the staff and the departments

    @model_validator(mode="after")
    def _has_a_key(self) -> Self:
        if bool(self.key_sha256) == bool(self.key_env):
            raise ValueError("one of key_sha256 and key_env is needed: tingchao intake key NAME")
        return self

    @property
    def hash(self) -> str:
        """Of its key; empty while the environment holds none: then nobody is let in with it."""
        key = os.environ.get(self.key_env, "") if self.key_env else ""
        return key_hash(key) if len(key) >= MIN_KEY else self.key_sha256

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
            if partner.hash and hmac.compare_digest(given, partner.hash):
                found = partner
        return found


def load_partners(path: Path) -> Partners:
    return load_yaml(path, Partners) if path.exists() else Partners()


def new_key() -> str:
    """256 bits of chance: nothing to be guessed, so one round of SHA-256 is hash enough."""
    return PREFIX + secrets.token_urlsafe(32)


def key_hash(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def entry(fields: Mapping[str, str]) -> str:
    """The line of one partner, as it stands under `partners:`."""
    return f"  - {{{', '.join(f'{name}: {value}' for name, value in fields.items())}}}\n"


def add_partner(path: Path, fields: Mapping[str, str]) -> None:
    """Adds the entry to the file, whose comments stay; UserError, and nothing written, when the
    name is taken or the file would not be right any more."""
    text = path.read_text("utf-8") if path.exists() else "partners:\n"
    if any(partner.name == fields["name"] for partner in load_partners(path).partners):
        raise UserError(f"{path}: {fields['name']} 已经有了", "换一个名字，或先删掉原来那一行")
    if not re.search(r"^partners:[ ]*(#.*)?$", text, re.M):
        raise UserError(f"{path}: 没有单独一行的 partners:", "加上这一行，各单位写在它下面")
    added = re.sub(r"^(partners:[ ]*(#.*)?)\n", lambda m: m[0] + entry(fields), text, count=1,
                   flags=re.M)  # fmt: skip
    trial = path.with_suffix(".new.yaml")
    trial.write_text(added, "utf-8")
    try:
        load_partners(trial)
        trial.replace(path)
    except UserError:
        trial.unlink()
        raise
