"""Sources are data: one YAML entry says where a spider starts and what it may fetch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    field_validator,
    model_validator,
)

from crawlers.selectors import Selectors
from schemas.errors import UserError
from schemas.raw_item import Channel, Tier
from schemas.yaml_file import load_yaml

Kind = Literal["article", "page", "feed", "sitemap", "thread", "posts", "hot", "drop", "mail"]
LOCAL = ("drop", "mail")  # kinds that are not fetched over HTTP
# What an address may contain instead of a fixed host: filled on the command line.
PLACEHOLDERS = {"demo": "--demo-url", "pages": "--pages-url"}


def _seconds(value: object) -> object:
    """`90`, `90s`, `15m`, `2h` or `1d`."""
    if isinstance(value, str) and (
        match := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd])\s*", value)
    ):
        return float(match[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[match[2]]
    return value


Seconds = Annotated[float, BeforeValidator(_seconds)]


class Mailbox(BaseModel):
    """A mailbox by IMAP. The password stands in the environment, never in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str
    port: int | None = None
    user: str
    password_env: str = "TINGCHAO_IMAP_PASSWORD"  # noqa: S105
    mailbox: str = "INBOX"
    tls: bool = True
    ca_file: str | None = None


def _free(name: str) -> str:
    if name == "try":  # in the API's addresses a trial
        raise ValueError("the name try is taken")
    return name


class Source(BaseModel):
    """One entry of config/sources/*.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[\w.-]{1,100}$"), AfterValidator(_free)]
    kind: Kind
    start: list[str] = []
    folder: Path | None = None  # drop and mail: where the files are put
    columns: dict[str, str] = {}  # drop: field → column, where the name does not say it
    imap: Mailbox | None = None  # mail
    title: str = ""  # for people
    selectors: Selectors = Selectors()
    channel: Channel = "news"
    tier: Tier = "public"
    region: Annotated[str, Field(pattern=r"^\d{6,12}$")] | None = None
    department: str | None = None
    publisher: str | None = None
    hosts: list[str] = []  # allowed besides those of `start`
    max_pages: Annotated[int, Field(ge=1, le=1_000_000)] = 500
    timeout: Annotated[float, Field(ge=1, le=600)] = 30.0  # seconds for one whole page
    delay: Annotated[float, Field(ge=0, le=600)] = 2.0  # seconds between requests to a host
    comments: str | None = None  # posts: where the comments of {id} or {bid} are
    post_url: str | None = None  # posts: the address for people, of {id}, {bid}, {user}
    every: Annotated[Seconds, Field(ge=1, le=30 * 86_400)] = 900.0  # from start to start
    limit: Annotated[Seconds, Field(ge=1, le=86_400)] = 1800.0  # of one crawl
    allow_loopback: bool = False
    _bases: dict[str, str] = PrivateAttr(default_factory=dict)

    @field_validator("start")
    @classmethod
    def _http_only(cls, start: list[str]) -> list[str]:
        for url in start:
            names = {name for _, name, _, _ in Formatter().parse(url) if name}
            if unknown := names - PLACEHOLDERS.keys():
                raise ValueError(f"{url}: unknown placeholder {sorted(unknown)}")
            if not names and urlsplit(url).scheme not in ("http", "https"):
                raise ValueError(f"{url}: only http and https are crawled")
        return start

    @model_validator(mode="after")
    def _has_a_start(self) -> Source:
        if self.kind in LOCAL and self.folder is None and self.imap is None:
            raise ValueError(f"kind {self.kind} needs a folder")
        if self.kind not in LOCAL and not self.start:
            raise ValueError(f"kind {self.kind} needs start")
        return self

    @property
    def placeholders(self) -> set[str]:
        """The placeholders that must be filled before the source can be crawled."""
        return {n for url in self.start for _, n, _, _ in Formatter().parse(url) if n}

    def filled(self, values: Mapping[str, str]) -> Source:
        """The source with `{demo}` and `{pages}` replaced by addresses."""
        if missing := self.placeholders - values.keys():
            option = ", ".join(PLACEHOLDERS[name] for name in sorted(missing))
            raise UserError(f"source {self.name} needs an address", f"give {option} URL")
        bases = {name: value.rstrip("/") for name, value in values.items()}
        filled = self.model_copy(update={"start": [url.format(**bases) for url in self.start]})
        filled._bases = bases
        return filled

    def key(self, url: str) -> str:
        """What names a page of this source: its address, wherever a placeholder stood filled.

        The demo may listen on another port tomorrow; its pages are the same pages.
        """
        for name, base in self._bases.items():
            if url.startswith(base):
                return f"{{{name}}}{url.removeprefix(base)}"
        return url

    def address(self, key: str) -> str:
        """The address that `key` names now."""
        for name, base in self._bases.items():
            if key.startswith(f"{{{name}}}"):
                return base + key.removeprefix(f"{{{name}}}")
        return key

    @property
    def allowed_hosts(self) -> set[str]:
        """The hosts that may be fetched, each with its subdomains."""
        return {urlsplit(url).hostname or "" for url in self.start} | set(self.hosts)

    def allows(self, url: str) -> bool:
        host = urlsplit(url).hostname or ""
        return any(host == name or host.endswith(f".{name}") for name in self.allowed_hosts)


def load_source(path: Path) -> Source:
    """The source of one file; UserError names the file and line."""
    return load_yaml(path, Source)


def load_folder(folder: Path) -> tuple[dict[str, tuple[Source, Path]], list[UserError]]:
    """All sources that can be read, by name with their file, and what is wrong with the others."""
    found: dict[str, tuple[Source, Path]] = {}
    wrong: list[UserError] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            source = load_source(path)
            if source.name in found:
                raise UserError(
                    f"{path}: source {source.name} exists already in {found[source.name][1]}",
                    "rename one of them",
                )
            found[source.name] = (source, path)
        except UserError as error:
            wrong.append(error)
    return found, wrong


def load_sources(folder: Path) -> dict[str, Source]:
    """All sources of a folder by name; the first wrong file is an error."""
    found, wrong = load_folder(folder)
    if wrong:
        raise wrong[0]
    if not found:
        raise UserError(f"no sources in {folder}", "add a YAML file, see config/sources")
    return {name: source for name, (source, _) in found.items()}
