"""QR codes at a tenth of what drawing each anew costs.

The code of a text is linear: error correction, placement and mask take every bit of the text to a fixed pattern of
modules, and the patterns of several bits lie over each other by exclusive or. So each pattern is drawn once.
"""

import re
from functools import cache

import segno

_DARK = re.compile("1+")
_MASK = 3
"""Any mask can be read; weighing all eight costs more than all else, and the same mask for all keeps codes linear."""


def svg(mark: str) -> str:
    """The QR code (level M) of an ASCII text as an SVG of one path, without a border."""
    text = mark.encode("ascii")
    side, modules = _modules(text)
    drawn = f"{modules:0{side * side}b}"
    strokes = [
        f"M{run.start()} {row}.5h{run.end() - run.start()}"
        for row in range(side)
        for run in _DARK.finditer(drawn[row * side : (row + 1) * side])
    ]
    path = f'<path stroke="#000" d="{"".join(strokes)}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">{path}</svg>'


def _modules(text: bytes) -> tuple[int, int]:
    """How many modules a side has, and all of them as the bits of one number, row by row."""
    length, bits = len(text), int.from_bytes(text, "big")
    side, modules = _blank(length)
    while bits:
        bit = bits & -bits
        modules ^= _pattern(length, bit)
        bits ^= bit
    return side, modules


@cache
def _pattern(length: int, bit: int) -> int:
    return _blank(length)[1] ^ _made(length, bit)[1]


@cache
def _blank(length: int) -> tuple[int, int]:
    return _made(length, 0)


def _made(length: int, bits: int) -> tuple[int, int]:
    text = bits.to_bytes(length, "big")
    code = segno.make(text, error="m", mode="byte", micro=False, mask=_MASK, boost_error=False)
    return len(code.matrix), int("".join(str(module & 1) for row in code.matrix for module in row), 2)
