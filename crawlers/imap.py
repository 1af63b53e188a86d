"""New messages of a mailbox by IMAP: read-only, each bounded, in a thread beside the crawl."""

from __future__ import annotations

import asyncio
import imaplib
import os
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from crawlers.mail import MAX_MAIL
from crawlers.sources import Mailbox
from schemas.errors import UserError

setattr(imaplib, "_MAXLINE", 1 << 20)  # noqa: B010 - a list of many messages is one long line
_TIMEOUT = 30.0
MAX_SENT = 500 << 20  # bytes of one message


class _Small(imaplib.IMAP4):
    """Keeps the beginning of what a server sends: some send all though a part was asked for."""

    def read(self, size: int) -> bytes:
        if size > MAX_SENT:
            raise imaplib.IMAP4.abort(f"the server wants to send {size} bytes")
        kept = super().read(min(size, MAX_MAIL))
        left = size - len(kept)
        while left > 0 and (part := super().read(min(left, 1 << 20))):
            left -= len(part)
        return kept


class _SmallTls(_Small, imaplib.IMAP4_SSL):
    pass


@dataclass
class _Session:
    box: Mailbox

    def open(self) -> tuple[str, list[bytes]]:
        """(the mailbox's UIDVALIDITY, the UIDs of all its messages, the newest first)."""
        box = self.box
        password = os.environ.get(box.password_env, "")
        if not password:
            raise UserError(f"no password in {box.password_env}", "no password")
        try:
            if box.tls:
                context = ssl.create_default_context(cafile=box.ca_file)
                self.client: imaplib.IMAP4 = _SmallTls(
                    box.host, box.port or 993, ssl_context=context, timeout=_TIMEOUT
                )
            else:
                self.client = _Small(box.host, box.port or 143, timeout=_TIMEOUT)
            self.client.login(box.user, password)
            status, _ = self.client.select(box.mailbox, readonly=True)
            if status != "OK":
                raise UserError(f"{box.host} has no mailbox {box.mailbox}", "no mailbox")
            validity = (self.client.response("UIDVALIDITY")[1] or [b"0"])[0] or b"0"
            _, found = self.client.uid("SEARCH", "ALL")
        except imaplib.IMAP4.error as error:
            raise UserError(f"{box.host}: {error}", "mailbox refused") from None
        except ssl.SSLCertVerificationError as error:
            why = f"{box.host}: {error.verify_message or error}; ca_file names whom to trust"
            raise UserError(why, "certificate refused") from None
        except OSError as error:
            raise UserError(f"{box.host}: {error}", "connection failed") from None
        return validity.decode("ascii", "replace"), (found[0] or b"").split()[::-1]

    def fetch(self, uid: bytes) -> bytes | None:
        """The beginning of one message; it stays unread."""
        try:
            part = f"(BODY.PEEK[]<0.{MAX_MAIL}>)"
            _, found = self.client.uid("FETCH", uid.decode("ascii"), part)
        except (imaplib.IMAP4.error, OSError) as error:
            raise UserError(f"{self.box.host}: {error}", "connection failed") from None
        return next((bytes(p[1]) for p in found if isinstance(p, tuple)), None)

    def close(self) -> None:
        try:
            self.client.logout()
        except (AttributeError, OSError, imaplib.IMAP4.error):
            pass


async def unread(
    box: Mailbox, known: Callable[[str], bool], limit: int
) -> AsyncIterator[tuple[str, bytes]]:
    """(a name of the message, its beginning) for each that is not `known`, at most `limit`."""
    session = _Session(box)
    try:
        validity, uids = await asyncio.to_thread(session.open)
        count = 0
        for uid in uids:
            key = f"imap:{box.host}:{box.mailbox}:{validity}:{uid.decode('ascii', 'replace')}"
            if known(key):
                continue
            raw = await asyncio.to_thread(session.fetch, uid)
            if raw:
                yield key, raw
                count += 1
            if count >= limit:
                return
    finally:
        await asyncio.to_thread(session.close)
