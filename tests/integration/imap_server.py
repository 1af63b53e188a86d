"""Twisted's IMAP server with a mailbox of letters: PASSWORD FOLDER [CERTIFICATE]; prints its port.

The certificate's file holds its key, too; with one the server speaks TLS.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.portal import IRealm, Portal
from twisted.internet import protocol, reactor, ssl
from twisted.mail import imap4
from zope.interface import implementer


@implementer(imap4.IMessage)
class Letter:
    def __init__(self, uid: int, raw: bytes) -> None:
        self.uid, self.raw = uid, raw

    def getUID(self) -> int:
        return self.uid

    def getFlags(self) -> list[str]:
        return []

    def getInternalDate(self) -> str:
        return "24-Nov-2026 19:30:00 +0800"

    def getSize(self) -> int:
        return len(self.raw)

    def isMultipart(self) -> bool:
        return False

    def getBodyFile(self) -> BytesIO:
        return BytesIO(self.raw.split(b"\n\n", 1)[-1])

    def getHeaders(self, negate: bool, *names: str) -> dict[str, str]:
        head = self.raw.split(b"\n\n", 1)[0].decode("latin-1")
        return dict(line.split(": ", 1) for line in head.split("\n") if ": " in line)


@implementer(imap4.IMailbox)
class Box:
    def __init__(self, folder: Path) -> None:
        paths = sorted(folder.glob("*.eml"))
        self.letters = [Letter(n, path.read_bytes()) for n, path in enumerate(paths, 1)]

    def getUIDValidity(self) -> int:
        return 42

    def getUIDNext(self) -> int:
        return len(self.letters) + 1

    def getMessageCount(self) -> int:
        return len(self.letters)

    def getRecentCount(self) -> int:
        return 0

    def getUnseenCount(self) -> int:
        return len(self.letters)

    def getFlags(self) -> list[str]:
        return ["\\Seen"]

    def getHierarchicalDelimiter(self) -> str:
        return "."

    def isWriteable(self) -> bool:
        return False

    def addListener(self, listener: Any) -> None: ...

    def removeListener(self, listener: Any) -> None: ...

    def requestStatus(self, names: Any) -> Any:
        return imap4.statusRequestHelper(self, names)

    def fetch(self, messages: Any, uid: bool) -> list[tuple[int, Letter]]:
        messages.last = len(self.letters)
        return [(letter.uid, letter) for letter in self.letters if letter.uid in messages]


@implementer(IRealm)
class Realm:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def requestAvatar(self, name: Any, mind: Any, *interfaces: Any) -> Any:
        account = imap4.MemoryAccount(name)
        account.addMailbox("INBOX", Box(self.folder))
        return imap4.IAccount, account, lambda: None


def main(password: str, folder: str, certificate: str = "") -> None:
    users = InMemoryUsernamePasswordDatabaseDontUse(letters=password.encode())
    portal = Portal(Realm(Path(folder)), [users])

    class Factory(protocol.Factory):
        def buildProtocol(self, addr: Any) -> imap4.IMAP4Server:
            server = imap4.IMAP4Server()
            server.portal = portal
            return server

    if certificate:
        tls = ssl.DefaultOpenSSLContextFactory(certificate, certificate)
        port = reactor.listenSSL(0, Factory(), tls, interface="127.0.0.1")  # type: ignore[attr-defined]
    else:
        port = reactor.listenTCP(0, Factory(), interface="127.0.0.1")  # type: ignore[attr-defined]
    print(port.getHost().port, flush=True)
    reactor.run()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(*sys.argv[1:])
