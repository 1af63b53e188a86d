"""A page as a row of text blocks, each with what speaks for and against it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from crawlers.extract.dom import squeeze, words
from crawlers.extract.names import IMPRINT, kind_of

_BREAKS = words(
    "p div br li ul ol tr td th table tbody h1 h2 h3 h4 h5 h6 section article blockquote pre dl dt "
    "dd figure figcaption header footer form hr center main aside nav body html fieldset"
)
_UNSEEN = words(
    "script style noscript template svg iframe textarea select button object head title input "
    "video audio canvas map"
)
_SENTENCE = re.compile(r"[，。！？；：、,.!?;…”）]")
_FRAMES = words("nav footer aside header form")
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)


@dataclass
class Block:
    """Text between two breaks. `path` are the elements around it, outermost first."""

    path: tuple[Element, ...]
    text: str = ""
    linked: int = 0  # characters inside links
    around: float = 0  # how many of the elements around it are named like a frame
    pieces: list[str] = field(default_factory=list)

    @property
    def is_menu(self) -> bool:
        """Mostly links: a list of other articles, a menu."""
        return self.linked > 0.6 * len(self.text) and not (
            len(self.text) > 40 and len(_SENTENCE.findall(self.text)) > 2
        )

    @property
    def weight(self) -> float:
        """Sentences speak for an article; links and frames against it."""
        plain = len(self.text) - self.linked
        marks = len(_SENTENCE.findall(self.text))
        if self.is_menu or plain < 6 or self.is_imprint:
            return 0.0
        value = float(plain) if marks else 0.3 * plain
        return value * 0.25 ** min(self.around, 2)

    @property
    def is_imprint(self) -> bool:
        """Who runs the site, under which licence: at the foot of the page."""
        return len(self.text) < 300 and bool(IMPRINT.search(self.text))


def blocks(tree: Element) -> list[Block]:
    """All blocks with text in document order."""
    body = tree.find("body")
    found: list[Block] = []
    current = Block(())

    def close(path: tuple[Element, ...], around: float) -> None:
        nonlocal current
        current.text = squeeze("".join(current.pieces))
        current.pieces = []
        if current.text:
            found.append(current)
        current = Block(path, around=around)

    # One entry per step, so that deep pages cost memory and not the interpreter's stack.
    stack: list[tuple[str, Element | str, tuple[Element, ...], float, bool]] = []
    stack.append(("open", tree if body is None else body, (), 0, False))
    while stack:
        step, node, path, around, link = stack.pop()
        if isinstance(node, str):
            text = node if step == "raw" else node.replace("\n", " ")
            current.pieces.append(text)
            current.linked += len(squeeze(text)) if link else 0
            continue
        if step == "close":
            close(path, around)
            continue
        if not isinstance(node.tag, str) or node.tag in _UNSEEN:
            continue
        if _HIDDEN.search(node.get("style") or "") and node.get("id") != "js_content":
            continue
        inside, framed, linked = path, around, link or node.tag == "a"
        if node.tag in _BREAKS:
            kind = kind_of(f"{node.get('class') or ''} {node.get('id') or ''}")
            if kind == "body":
                framed = 0
            elif (kind == "frame" and node.tag not in ("body", "html")) or node.tag in _FRAMES:
                framed += 1
            elif kind == "perhaps":
                framed += 0.4
            inside = (*path, node) if node.tag not in ("br", "hr") else path
            close(inside, framed)
            stack.append(("close", node, path, around, link))
        for child in reversed(node):
            if child.tail:
                stack.append(("text", child.tail, inside, framed, linked))
            stack.append(("open", child, inside, framed, linked))
        if node.text:
            stack.append(("text", node.text, inside, framed, linked))
    close((), 0)
    return found
