"""How alike two fingerprints are, and whether that makes one a copy of the other."""

from __future__ import annotations

import numpy as np

from models.fingerprints import MIN_NEAR

NEAR = 0.67  # Jaccard; a true 0.8 is estimated lower than this once in a hundred
QUOTED = 0.8  # this share of a long text's 3-grams in a much longer one is a quotation
LONGER = 1.5
LONG = 80  # letters; the quotation of a short text is no copy: mottos, greetings
# The same letters, of a text of RESET_FROM or more, with fewer grams in common than RESET are set
# with other marks throughout, and by exact Jaccard no copy: precision on posts was 0.978 with them.
RESET, RESET_FROM = 0.55, 40
_FLOOR = 0.2  # Jaccard; below, the estimate of containment is worth little
_CHANCE = 1 / 256  # two bins are equal by chance
EXACT = 255


def score(
    exact: tuple[np.ndarray, np.ndarray],
    size: tuple[np.ndarray, np.ndarray],
    signature: tuple[np.ndarray, np.ndarray],
) -> np.ndarray:
    """uint8[pairs] of pairs of rows: 0 no copy, EXACT the same letters in the same order,
    between them 254 times the share of the shorter text that is in the longer one.
    """
    equal = (signature[0] == signature[1]).mean(axis=1)
    jaccard = np.maximum((equal - _CHANCE) / (1 - _CHANCE), 0)
    a, b = (np.maximum(each.astype(np.float64) - 2, 1) for each in size)
    short = np.minimum(a, b)
    contained = np.minimum(jaccard * (a + b) / ((1 + jaccard) * short), 1)
    near = (short >= MIN_NEAR - 2) & (jaccard >= NEAR)
    quoted = (short >= LONG) & (a + b >= short * (1 + LONGER))
    near |= quoted & (jaccard >= _FLOOR) & (contained >= QUOTED)
    scores = np.where(near, np.rint(contained * (EXACT - 1)), 0).astype(np.uint8)
    same = (exact[0] == exact[1]) & (size[0] == size[1])
    scores[same & ((short < RESET_FROM) | (jaccard >= RESET))] = EXACT
    return scores
