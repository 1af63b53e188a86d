"""What no keyboard types, in text that comes in."""

from __future__ import annotations

import re

# Tab, line feed and carriage return are typed. Half a surrogate pair is no character: it can
# neither be stored nor given to a command.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def typed(text: str) -> str:
    """Without it. Of a form it is dropped and not refused: it comes along unseen when somebody
    pastes from a word processor, who could neither find it nor take it out. A program, which
    the API answers, can: there it is an error."""
    return CONTROL.sub("", text)
