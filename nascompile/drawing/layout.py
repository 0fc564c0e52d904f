"""Places the boxes of a graph in rows, from top to bottom, and leads lines between them around the other boxes.

The steps are those of Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures"
(1981): ranks by the longest path; a slot in every row that an edge crosses; rows ordered by barycentres, keeping the
order with the fewest crossings; and places as near to their neighbours' as the order allows (least squares with
separations, by pooling adjacent violators).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]

ROW_GAP, BOX_GAP, LINE_WIDTH, PORT_GAP = 46.0, 28.0, 18.0, 22.0
_SWEEPS = 12
_STRAIGHTER = 8.0  # a line beside boxes than between them
_MANY_SLOTS = 20_000  # lines of so many rows are drawn straight


@dataclass(frozen=True, slots=True)
class Layout:
    """The top left corner of each box, the points that each edge goes through, and how large it all is."""

    boxes: tuple[Point, ...]
    lines: tuple[tuple[Point, ...], ...]
    width: float
    height: float


@dataclass(slots=True)
class _Slot:
    """A place in a row: a box, or, where an edge crosses the row, room for its line. Neighbours come with weights."""

    row: int
    width: float
    above: list[tuple[int, float]]
    below: list[tuple[int, float]]
    x: float = 0.0


def place(sizes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int, float]]) -> Layout:
    """Return where the boxes of these widths and heights stand.

    Every edge (tail, head, weight) leads to a box with a higher number; heavy ones are rather straight.
    """
    ranks = _ranks(len(sizes), [(tail, head) for tail, head, _ in edges])
    slots = [_Slot(rank, width, [], []) for rank, (width, _) in zip(ranks, sizes, strict=True)]
    chains = [_chain(slots, *edge) for edge in edges]
    rows: list[list[int]] = [[] for _ in range(max(ranks, default=-1) + 1)]
    for number, slot in enumerate(slots):
        rows[slot.row].append(number)
    rows = _ordered(rows, slots)
    _find_places(rows, slots)
    left = min((slot.x - slot.width / 2 for slot in slots), default=0.0)
    for slot in slots:
        slot.x -= left
    tops, heights = [], [max((sizes[one][1] for one in row if one < len(sizes)), default=0.0) for row in rows]
    height = 0.0
    for row_height in heights:
        tops.append(height)
        height += row_height + ROW_GAP
    boxes = tuple(
        (slot.x - slot.width / 2, tops[slot.row] + (heights[slot.row] - sizes[number][1]) / 2)
        for number, slot in enumerate(slots[: len(sizes)])
    )
    bands = [(top, top + row_height) for top, row_height in zip(tops, heights, strict=True)]
    lines = _lines(chains, [weight for _, _, weight in edges], slots, boxes, sizes, bands)
    return Layout(boxes, lines, max((slot.x + slot.width / 2 for slot in slots), default=0.0), max(0, height - ROW_GAP))


def _ranks(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Return each box's row: below all that lead to it; what nothing leads to stands right above its first use."""
    ranks, first_use, is_led_to = [0] * count, [count] * count, [False] * count
    for tail, head in sorted(edges, key=lambda edge: edge[1]):
        ranks[head] = max(ranks[head], ranks[tail] + 1)
        is_led_to[head] = True
    for tail, head in edges:
        first_use[tail] = min(first_use[tail], ranks[head])
    return [
        ranks[number] if is_led_to[number] or first_use[number] == count else first_use[number] - 1
        for number in range(count)
    ]


def _chain(slots: list[_Slot], tail: int, head: int, weight: float) -> list[int]:
    """Return the slots that an edge goes through, making those between its ends."""
    chain = [tail]
    if len(slots) < _MANY_SLOTS:
        for row in range(slots[tail].row + 1, slots[head].row):
            chain.append(len(slots))
            slots.append(_Slot(row, LINE_WIDTH, [], []))
    chain.append(head)
    for upper, lower in pairwise(chain):
        heavy = weight if upper == tail or lower == head else weight * _STRAIGHTER
        slots[upper].below.append((lower, heavy))
        slots[lower].above.append((upper, heavy))
    return chain


def _ordered(rows: list[list[int]], slots: list[_Slot]) -> list[list[int]]:
    """Return the rows in the order of the fewest crossings that was met while sorting by barycentres."""
    best, fewest = rows, _crossings(rows, slots)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        at = {number: place for row in rows for place, number in enumerate(row)}
        downwards = sweep % 2 == 0

        def barycentre(number: int, at: dict[int, int] = at, downwards: bool = downwards) -> float:
            near = slots[number].above if downwards else slots[number].below
            return sum(at[one] for one, _ in near) / len(near) if near else at[number]

        new = []
        for row in rows if downwards else reversed(rows):
            new.append(sorted(row, key=barycentre))
            at.update({number: place for place, number in enumerate(new[-1])})
        rows = new if downwards else new[::-1]
        if (crossings := _crossings(rows, slots)) < fewest:
            best, fewest = rows, crossings
    return best


def _crossings(rows: list[list[int]], slots: list[_Slot]) -> int:
    count = 0
    for row in rows[:-1]:
        at = {number: place for place, number in enumerate(rows[slots[row[0]].row + 1])}
        seen: list[int] = []
        for number in row:
            ends = [at[one] for one, _ in slots[number].below if one in at]
            count += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return count


def _find_places(rows: list[list[int]], slots: list[_Slot]) -> None:
    """Set each slot's middle: near those above and below it, long lines above all straight, in the order of its row."""
    for row in rows:
        _separate(row, slots, [(0.0, 1.0)] * len(row))
    for sweep in range(2 * _SWEEPS):
        both = sweep >= _SWEEPS
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wishes = []
            for number in row:
                slot = slots[number]
                near = slot.above + slot.below if both else slot.above if sweep % 2 == 0 else slot.below
                total = sum(weight for _, weight in near)
                wish = sum(slots[one].x * weight for one, weight in near)
                wishes.append((wish / total, total) if near else (slot.x, 0.1))
            _separate(row, slots, wishes)


def _separate(row: list[int], slots: list[_Slot], wishes: list[tuple[float, float]]) -> None:
    """Set the middles of a row's slots as near to what is wished as their widths allow, by weighted least squares."""
    offsets, offset = [], 0.0
    for index, number in enumerate(row):
        if index:
            offset += (slots[row[index - 1]].width + slots[number].width) / 2 + BOX_GAP
        offsets.append(offset)
    pools: list[tuple[float, float, int]] = []  # the middle of some neighbours, their weight, how many they are
    for (wish, weight), offset in zip(wishes, offsets, strict=True):
        pool = (wish - offset, weight, 1)
        while pools and pools[-1][0] >= pool[0]:
            middle, heavy, many = pools.pop()
            total = heavy + pool[1]
            pool = ((middle * heavy + pool[0] * pool[1]) / total, total, many + pool[2])
        pools.append(pool)
    middles = [middle for middle, _, many in pools for _ in range(many)]
    for number, middle, offset in zip(row, middles, offsets, strict=True):
        slots[number].x = middle + offset


def _lines(
    chains: list[list[int]],
    weights: list[float],
    slots: list[_Slot],
    boxes: Sequence[Point],
    sizes: Sequence[tuple[float, float]],
    bands: Sequence[tuple[float, float]],
) -> tuple[tuple[Point, ...], ...]:
    """Return the points of each edge: its ends side by side at the boxes, and straight down through rows between."""
    starts = _ports([(chain[0], chain[1]) for chain in chains], weights, slots)
    ends = _ports([(chain[-1], chain[-2]) for chain in chains], weights, slots)
    lines = []
    for chain, start, end in zip(chains, starts, ends, strict=True):
        points = [(start, boxes[chain[0]][1] + sizes[chain[0]][1]), (start, bands[slots[chain[0]].row][1])]
        for number in chain[1:-1]:
            top, bottom = bands[slots[number].row]
            points += [(slots[number].x, top), (slots[number].x, bottom)]
        points += [(end, bands[slots[chain[-1]].row][0]), (end, boxes[chain[-1]][1])]
        lines.append(tuple(points))
    return tuple(lines)


def _ports(ends: list[tuple[int, int]], weights: list[float], slots: list[_Slot]) -> list[float]:
    """Return where on its box each edge ends, ordered by where it comes from. `ends` are (box, next slot).

    Where one edge is heavier than all others, it ends in the middle.
    """
    ports = [0.0] * len(ends)
    by_box: dict[int, list[int]] = {}
    for edge, (box, _) in enumerate(ends):
        by_box.setdefault(box, []).append(edge)
    for box, edges in by_box.items():
        edges.sort(key=lambda edge: slots[ends[edge][1]].x)
        heaviest = max(weights[edge] for edge in edges)
        heavy = [place for place, edge in enumerate(edges) if weights[edge] == heaviest]
        middle = heavy[0] if len(heavy) == 1 else (len(edges) - 1) / 2
        gap = min(PORT_GAP, slots[box].width / 2 / (max(middle, len(edges) - 1 - middle) + 0.6))
        for place, edge in enumerate(edges):
            ports[edge] = slots[box].x + (place - middle) * gap
    return ports
