"""How large a search space is, as a table of its layers.

    31,104 architectures, 7 layers in 5 blocks

    block              layer  candidates  optional inputs  taken  choices
    trial/Net.build    stem            3                0      0        3
    trial/Net.build#4  down            3                2      1        6

On a terminal the table has colours; elsewhere it is plain text, and as JSON its numbers are exact however large.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from nascompile.diagnostics import printable
from nascompile.search_space import LayerSpace, SearchSpace

_HEADERS = ("block", "layer", "candidates", "optional inputs", "taken", "choices")
_TEXT_COLUMNS = 2
_LARGEST_WRITTEN_OUT = 10**12
_MOST_DIGITS = 10**4000


def number(count: int | float) -> str:
    """Return a count as one reads it: `31,104`, and of very large ones the size, `1.2e34` (no float need hold it)."""
    if count == math.inf:
        return "infinitely many"
    if count < _LARGEST_WRITTEN_OUT:
        return f"{count:,}"
    exponent, fraction = divmod(math.log10(count), 1)
    mantissa = round(10**fraction, 1)
    return f"{mantissa:.1f}e{exponent:.0f}" if mantissa < 10 else f"1.0e{exponent + 1:.0f}"


def amount(count: int | float, of: str) -> str:
    """Return a number with its noun: `1 layer`, `31,104 architectures`."""
    return f"{number(count)} {of}{'' if count == 1 else 's'}"


def summary(space: SearchSpace) -> str:
    """Return the size of a space in a line."""
    layers = sum(1 for _ in space.layers())
    parts = [amount(space.size(), "architecture"), amount(layers, "layer")]
    variables = f", {amount(len(space.variables), 'variable')}" if space.variables else ""
    return f"{', '.join(parts)} in {amount(len(space.blocks), 'block')}{variables}"


def statistics_text(space: SearchSpace, *, coloured: bool = False) -> str:
    """Return the size of a space and the table of its layers, for a terminal or as plain text."""
    rows = [_row(*layer) for layer in space.layers()]
    if not rows:
        return f"{summary(space)}\n"
    return f"{summary(space)}\n\n{_rich_table(rows) if coloured else _plain_table(rows)}"


def statistics_json(space: SearchSpace) -> str:
    """Return the same as JSON; `architectures` and `choices` are exact, but text past 4,000 digits."""
    layers = [
        {
            "block": block,
            "layer": layer,
            "candidates": len(choices.candidates),
            "optional_inputs": len(choices.optional_inputs),
            "optional_input_size": list(choices.sizes),
            "choices": _exact(choices.size()),
        }
        for block, layer, choices in space.layers()
    ]
    variables = [
        {"variable": key, "function": variable.function, "choices": _exact(variable.size())}
        for key, variable in space.variables.items()
    ]
    content: dict[str, object] = {"architectures": _exact(space.size()), "blocks": len(space.blocks), "layers": layers}
    if variables:
        content["variables"] = variables
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _exact(count: int | float) -> int | str:
    """Return a number as it is, or where Python and others would not read its digits, or there are none, its size."""
    return count if isinstance(count, int) and count < _MOST_DIGITS else number(count)


def _row(block: str, layer: str, choices: LayerSpace) -> tuple[str, ...]:
    low, high = choices.sizes
    sizes = str(low) if low == high else f"{low} to {high}"
    counts = (number(len(choices.candidates)), number(len(choices.optional_inputs)), sizes, number(choices.size()))
    return (printable(block), printable(layer), *counts)


def _plain_table(rows: Sequence[tuple[str, ...]]) -> str:
    from rich.cells import cell_len, set_cell_size

    table = [_HEADERS, *rows]
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        texts = [set_cell_size(text, width) for text, width in zip(row[:_TEXT_COLUMNS], widths, strict=False)]
        counts = [text.rjust(width) for text, width in zip(row, widths, strict=True)][_TEXT_COLUMNS:]
        lines.append("  ".join([*texts, *counts]))
    return "\n".join(lines) + "\n"


def _rich_table(rows: Sequence[tuple[str, ...]]) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for place, header in enumerate(_HEADERS):
        is_text = place < _TEXT_COLUMNS
        style = ("dim", "bold", "", "", "", "cyan")[place]
        table.add_column(header, justify="left" if is_text else "right", style=style, overflow="fold", no_wrap=False)
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console()
    with console.capture() as capture:
        console.print(table)
    return capture.get()
