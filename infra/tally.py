"""The entries of the ledger, counted: what the account and the audit have in common."""

from __future__ import annotations

from dataclasses import dataclass, field

from infra.ledger import Entry


@dataclass
class Tally:
    """items = documents + duplicates + dead letters + waiting + missing."""

    items: int = 0
    documents: int = 0
    duplicates: int = 0
    dead_letters: int = 0
    waiting: list[str] = field(default_factory=list)  # their offset is not committed yet
    missing: list[str] = field(default_factory=list)  # committed, and nowhere to be found

    def add(self, entry: Entry) -> None:
        self.items += 1
        match entry.outcome:
            case "document":
                self.documents += 1
            case "duplicate":
                self.duplicates += 1
            case "dead_letter":
                self.dead_letters += 1
            case "waiting":
                self.waiting.append(entry.id)
            case "missing":
                self.missing.append(entry.id)
