"""How grave an event is, and when to say so. Pure."""

from __future__ import annotations
