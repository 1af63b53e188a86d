"""`crawl --forever`: each source at its interval, until SIGTERM."""

from __future__ import annotations

import logging
import random
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawlers.job import Job
from crawlers.run_log import RunLog, failures
from crawlers.schedule import Schedule, first_due, next_due
from crawlers.sources import Source, load_folder
from crawlers.summary import Summary

log = logging.getLogger("crawl")
RELOAD = 5.0  # seconds between two looks at the sources' folder
PATIENCE = 10.0  # seconds for the crawls under way when we are to stop


class Forever:
    def __init__(
        self, folder: Path, places: Mapping[str, str], state: Path, options: Sequence[str],
        jobs: int, told: Callable[[Summary, Source], None] = lambda *_: None,
    ) -> None:  # fmt: skip
        self._folder = folder
        self._places = places
        self._options = options
        self._limit = jobs
        self._told = told
        self._log = RunLog(state)
        self._schedule = Schedule()
        self._jobs: dict[str, Job] = {}
        self._wrong: set[str] = set()
        self._stop = threading.Event()
        self.sources: dict[str, tuple[Source, Path]] = {}

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        looked = 0.0
        while not self._stop.is_set():
            if not looked or time.monotonic() - looked > RELOAD:
                self.reload()
                looked = time.monotonic()
            self._collect()
            while len(self._jobs) < self._limit and (name := self._schedule.take(time.time())):
                source, path = self.sources[name]
                self._jobs[name] = Job(source, path, self._options)
            self._stop.wait(0.1)
        self._end()

    def reload(self) -> None:
        """New, changed and removed files count at once; a broken one is named, the others go on."""
        found, wrong = load_folder(self._folder)
        for line in {str(error) for error in wrong} - self._wrong:
            log.error("%s", line)
        self._wrong = {str(error) for error in wrong}
        ready = {n: (s, p) for n, (s, p) in found.items() if s.placeholders <= self._places.keys()}
        for name in self._schedule.names() - ready.keys():
            self._schedule.drop(name)
        for name, (source, _) in ready.items():
            known = self.sources.get(name)
            changed = known is not None and known[0] != source
            if name not in self._jobs and (changed or name not in self._schedule.names()):
                self._schedule.put(name, self._first(source))
        self.sources = ready

    def _first(self, source: Source) -> float:
        now = datetime.now(UTC)
        past = self._log.runs(source.name, now - timedelta(days=2))
        last = past[-1].at.timestamp() if past else None
        chance = random.random()  # noqa: S311
        return first_due(last, now.timestamp(), source.every, failures(past), chance)

    def _collect(self) -> None:
        for name, job in list(self._jobs.items()):
            if not job.done():
                continue
            del self._jobs[name]
            self._settle(job)
            if name in self.sources:
                source = self.sources[name][0]
                past = self._log.runs(name, job.at - timedelta(days=2))
                chance = random.random()  # noqa: S311
                start = job.at.timestamp()
                due = next_due(start, time.time(), source.every, failures(past), chance)
                self._schedule.put(name, due)

    def _settle(self, job: Job) -> None:
        found, own = job.summary()
        if not own:  # it could not write its run down itself
            self._log.add(found, job.at)
        self._told(found, job.source)

    def _end(self) -> None:
        for job in self._jobs.values():
            job.terminate()
        deadline = time.monotonic() + PATIENCE
        while any(not job.done() for job in self._jobs.values()) and time.monotonic() < deadline:
            time.sleep(0.05)
        for job in self._jobs.values():
            job.kill()  # where it still runs; what it did not confirm is fetched again
        self._log.close()
