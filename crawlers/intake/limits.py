"""A bucket of tokens for each partner: pure, the time is an argument."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Limits:
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)  # name → (tokens, at)

    def wait(self, name: str, per_minute: int, cost: int, now: float) -> float:
        """Takes `cost` tokens and returns 0, or takes none and returns the seconds to wait.

        More than a minute's worth at once goes through when the bucket is full, and is owed.
        """
        tokens, at = self._buckets.get(name, (float(per_minute), now))
        tokens = min(per_minute, tokens + (now - at) * per_minute / 60)
        needed = min(cost, per_minute)
        if tokens < needed:
            self._buckets[name] = (tokens, now)
            return (needed - tokens) * 60 / per_minute
        self._buckets[name] = (tokens - cost, now)
        return 0.0
