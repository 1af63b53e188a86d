"""All models over one batch: what `tingchao analyse` prints and the stream indexes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.casualties import Harm, harms
from models.casualties import record as casualties_of
from models.facts import facts
from models.fingerprints import Fingerprints, fingerprint
from models.judge import Judge
from models.keywords import Keywords
from models.masking import mask
from models.severity import score
from models.severity_facts import facts_of
from models.severity_rules import Rules
from models.severity_rules import load as load_rules
from models.store import Store
from models.textpass import text_pass
from models.watch import Watches, load_file
from models.watch_severity import lifted
from models.words import cutter
from schemas.analysis import Analysis, Rumour
from schemas.raw_item import RawItem

EDITED = ("news", "partner")  # channels that edit what they print: the model knows posts only
KEYWORDS = 15  # per item, for events


@dataclass(frozen=True)
class Reading:
    """One entry per item, in order."""

    analyses: list[Analysis]
    keywords: list[list[tuple[str, float]]]
    harms: list[Harm]
    fingerprints: Fingerprints


class Analyser:
    """Loads configuration and weights once; UserError when one is broken."""

    def __init__(self, config: Path, store: Store | None = None) -> None:
        """`config`: the operator's folder; `store`: of promoted models (None: the shipped ones)."""
        self._rules = load_rules(config / "severity.yaml")
        self._cutter = cutter(config / "userdict.txt")
        self._judge = Judge(config, store)
        self._keywords = Keywords(KEYWORDS)
        self._watches = Watches(load_file(config / "watch.yaml"))

    def use(self, rules: Rules, watches: Watches) -> None:
        """Score by other rules and watch others from now on (a file was read again)."""
        self._rules, self._watches = rules, watches

    def read(self, items: Sequence[RawItem]) -> Reading:
        """Judge a batch. Deterministic: the same batch gives the same reading."""
        # Masked first: nothing that is made of the text can hold personal data.
        masked = mask([item.title for item in items] + [item.text for item in items])
        titles, texts = masked[: len(items)], masked[len(items) :]
        whole = [f"{a}\n{b}" if a else b for a, b in zip(titles, texts, strict=True)]
        batch = text_pass(whole)
        cut = self._cutter.cut_pass(batch)
        words = cut.texts
        told = facts(whole, [item.published_at for item in items], [item.region for item in items])
        harm = harms(whole)
        judged = self._judge.read(batch, cut)
        analyses = [
            Analysis(
                id=item.id,
                topics=judged.topics[n],
                departments=judged.departments[n],
                attitude=judged.attitudes[n],
                act=judged.acts[n],
                times=told.times[n],
                places=told.places[n],
                subjects=told.subjects[n],
                casualties=casualties_of(harm[n]),
                rumour=_rumour(item, judged.rumours[n]),
                masked=texts[n],
                masked_title=titles[n],
                words=words[n],
                models=self._judge.versions,
            )
            for n, item in enumerate(items)
        ]
        known = [facts_of(*row) for row in zip(items, analyses, harm, strict=True)]
        scores = score(known, whole, self._rules)
        watched = self._watches.match(batch)
        for analysis, severity, found in zip(analyses, scores, watched, strict=True):
            analysis.watch = [watch.id for watch in found]
            analysis.severity = lifted(severity, found, self._rules.file.levels)
        keywords = self._keywords.of(cut, list(map(len, titles)))
        return Reading(analyses, keywords, harm, fingerprint(batch))


def _rumour(item: RawItem, judged: Rumour) -> Rumour:
    return Rumour(signs=judged.signs) if item.channel in EDITED else judged
