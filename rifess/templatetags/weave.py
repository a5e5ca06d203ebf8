"""The weave: a plain weave drawn as an SVG pattern of about 0.8 KB, with no image to download.

Where column i crosses row j the horizontal thread is on top when i + j is even, and the vertical one
when it is odd. Each thread is one dashed line. The verticals' colours are runs chosen by a hash of a
seed and mirrored, as in a striped textile, so that the same seminar always gets the same cloth.
"""

from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

ORDERS = ("1231", "2132", "3121", "1424", "2313", "3214", "1341", "2141")
LENGTHS = (2, 3, 1, 5)

SVG = (
    '<svg class="weave" height="{shown}" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="{key}" width="{wide}" height="{tall}" patternUnits="userSpaceOnUse"'
    ' patternTransform="translate(0 -{crop})">'
    '<path class="t0" stroke-width="{weft}" stroke-dasharray="{across}" d="{rows}"/>'
    '<g stroke-width="{warp}" stroke-dasharray="{down}">{columns}</g>'
    '</pattern></defs><rect width="100%" height="100%" fill="url(#{key})"/></svg>'
)


class Loom(NamedTuple):
    """Measures in px: distance between threads, and how thick they are."""

    row: float
    col: float
    weft: float
    warp: float

    @property
    def gap(self):
        return min(self.row, self.col) * 0.09

    @property
    def over(self):
        """How much of a horizontal thread shows between two verticals."""
        return 2 * (self.col - self.warp / 2 - self.gap)

    @property
    def under(self):
        """How much of a vertical thread shows between two horizontals."""
        return 2 * (self.row - self.weft / 2 - self.gap)


@lru_cache(maxsize=512)
def weave_svg(key, seed, rows=3, pitch=8, col=None, weft=0.8, warp=0.8, runs=""):
    """Draw the cloth of `seed` as markup; `key` is the id of its pattern, one of a kind on a page.

    `pitch` and `col` are px between rows and columns; `weft` and `warp` say how much of that a
    thread fills (0 to 1). `runs="13 31"` sets colours by hand: three threads of 1, one of 3.
    """
    col = col or pitch
    loom = Loom(pitch, col, pitch * weft, col * warp)
    threads = mirrored(runs or hashed_runs(seed))
    wide, tall, crop = col * len(threads), pitch * rows, (pitch - loom.weft) / 2
    return SVG.format(
        key=key,
        shown=short(tall - 2 * crop),
        wide=short(wide),
        tall=short(tall),
        crop=short(crop),
        weft=short(loom.weft),
        warp=short(loom.warp),
        across=f"{short(loom.over)} {short(2 * col - loom.over)}",
        down=f"{short(loom.under)} {short(2 * pitch - loom.under)}",
        rows=horizontals(loom, rows, wide),
        columns=verticals(loom, threads, tall),
    )


def hashed_runs(seed):
    """Choose four runs, never one colour twice in a row."""
    digest = sha256(str(seed).encode()).digest()
    order = ORDERS[digest[0] % len(ORDERS)]
    return " ".join(f"{colour}{LENGTHS[byte % 4]}" for colour, byte in zip(order, digest[1:5], strict=True))


def mirrored(runs):
    half = [run[0] for run in runs.split() for _ in range(int(run[1:]))]
    return half + half[::-1]


def horizontals(loom, rows, wide):
    lines = []
    for j in range(rows):
        start = loom.col * (j % 2 + 0.5) - loom.over / 2 - 2 * loom.col
        lines.append(f"M{short(start)} {short(loom.row * (j + 0.5))}h{short(wide + 4 * loom.col)}")
    return "".join(lines)


def verticals(loom, threads, tall):
    lines = {}
    for i, colour in enumerate(threads):
        start = loom.row * ((i + 1) % 2 + 0.5) - loom.under / 2 - 2 * loom.row
        line = f"M{short(loom.col * (i + 0.5))} {short(start)}V{short(tall)}"
        lines[colour] = lines.get(colour, "") + line
    return "".join(f'<path class="t{colour}" d="{d}"/>' for colour, d in sorted(lines.items()))


def short(number):
    """One decimal at most: a tenth of a pixel is all that shows."""
    return f"{number:.1f}".rstrip("0").rstrip(".")
