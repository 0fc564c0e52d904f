"""A search space as an SVG picture: cards of layers with their candidates, solid lines for inputs that are always there
and dashed ones for optional inputs. With an architecture, its path stands out.

Nothing behind it is painted, and what stands on the ground has colours that can be read on light and on dark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from rich.cells import cell_len

from nascompile.drawing.graph import Edge, Group, Node
from nascompile.drawing.layout import Layout, Point, place

_MARGIN, _PAD, _TITLE, _HEAD, _ROW, _LEGEND, _GROUP_GAP = 20.0, 12.0, 30.0, 30.0, 22.0, 40.0, 36.0
_CODE_CHAR, _NAME_CHAR, _NOTE_CHAR = 7.25, 7.9, 6.4
_SOURCE_HEIGHT, _RADIUS, _BEND = 26.0, 9.0, 0.55
_MOST_ROWS, _MOST_CHARS = 12, 48

_STYLE = """
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2933 }
.ground { fill: #7b8794; font: 12px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif }
.title { font-weight: 600; font-size: 13px }
.name { font-weight: 700; font-size: 13px }
.note { fill: #5d6b7a; font-size: 10.5px }
.card { fill: #ffffff; stroke: #b8c4d0; stroke-width: 1.2 }
.head { fill: #e8eff8 }
.value { fill: #f0f2f5; stroke: #b8c4d0; stroke-width: 1.2 }
.dot { fill: #8fa1b3 }
.line { fill: none; stroke: #8496a8; stroke-width: 1.6 }
.optional { stroke-dasharray: 5 4 }
.tip { fill: #8496a8 }
.path { stroke: #d9621f; stroke-width: 2.6 }
.path-tip, .chosen { fill: #d9621f }
text.on { fill: #ffffff; font-weight: 700 }
.off { opacity: .38 }
@media (prefers-color-scheme: dark) {
  text { fill: #e3e9f0 }
  .ground { fill: #8b98a6 }
  .note { fill: #a3b1c0 }
  .card { fill: #1b232d; stroke: #45525f }
  .head { fill: #2a3644 }
  .value { fill: #232c37; stroke: #45525f }
}
"""


def render_svg(groups: Sequence[Group], caption: str) -> str:
    """Return the picture of all groups, one below the other, with a caption, and a legend of the lines."""
    placed = [(group, place([_size(node) for node in group.nodes], _weighted(group))) for group in groups]
    legend = _legend(groups)
    widths = [max(layout.width, len(group.title) * _NAME_CHAR) for group, layout in placed]
    width = max([*widths, len(caption) * _NOTE_CHAR, 380.0 if legend else 0.0]) + 2 * _MARGIN
    body: list[str] = []
    top = _MARGIN
    for group, layout in placed:
        body.append(f'<text class="ground title" x="{_MARGIN:g}" y="{top + 12:g}">{escape(group.title)}</text>')
        left = (width - layout.width) / 2
        body.append(f'<g transform="translate({left:.1f} {top + _TITLE:.1f})">')
        body += _edges(group, layout)
        body += _nodes(group, layout)
        body.append("</g>")
        top += _TITLE + layout.height + _GROUP_GAP
    body.append(f'<g transform="translate({_MARGIN:g} {top:.1f})">')
    body += legend
    body.append(f'<text class="ground" x="0" y="{_LEGEND if legend else 12:g}">{escape(caption)}</text></g>')
    height = top + (_LEGEND if legend else 0) + _MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
            f"<title>{escape(caption)}</title>",
            f"<style>{_STYLE}</style>",
            "<defs>",
            *(_marker(name) for name in ("tip", "path-tip")),
            "</defs>",
            *body,
            "</svg>\n",
        ]
    )


def shown_candidates(node: Node) -> list[tuple[str, bool]]:
    """Return the rows of a layer's card, and which is a candidate's: of many, the first and the chosen ones."""
    if len(node.candidates) <= _MOST_ROWS:
        return [(name, True) for name in node.candidates]
    names = list(node.candidates[: _MOST_ROWS - 1])
    if node.chosen is not None and node.chosen not in names:
        names[-1] = node.chosen
    return [(name, True) for name in names] + [(f"… and {len(node.candidates) - len(names)} more", False)]


def cut(text: str, chars: int = _MOST_CHARS) -> str:
    """Return a text that is no longer than a card is wide."""
    return text if len(text) <= chars else f"{text[: chars - 1]}…"


def _weighted(group: Group) -> list[tuple[int, int, float]]:
    return [(edge.tail, edge.head, 1.0 if edge.optional else 100.0) for edge in group.edges]


def _size(node: Node) -> tuple[float, float]:
    name = cell_len(cut(node.name))
    if not node.candidates:
        return name * _CODE_CHAR + 2 * _PAD + 4, _SOURCE_HEIGHT
    rows = shown_candidates(node)
    head = name * _NAME_CHAR + (_PAD + len(node.takes) * _NOTE_CHAR if node.takes else 0)
    widest = max(cell_len(cut(text)) for text, _ in rows) * _CODE_CHAR + 14
    return max(head, widest, 90.0) + 2 * _PAD, _HEAD + len(rows) * _ROW + 8


def _nodes(group: Group, layout: Layout) -> Iterator[str]:
    for node, (x, y) in zip(group.nodes, layout.boxes, strict=True):
        width, height = _size(node)
        yield f'<g transform="translate({x:.1f} {y:.1f})">'
        yield from _card(node, width, height) if node.candidates else _value(node, width, height)
        yield "</g>"


def _value(node: Node, width: float, height: float) -> Iterator[str]:
    yield f'<rect class="value" width="{width:.1f}" height="{height:g}" rx="{height / 2:g}"/>'
    yield f'<text x="{width / 2:.1f}" y="17" text-anchor="middle">{_text(node.name)}</text>'


def _card(node: Node, width: float, height: float) -> Iterator[str]:
    yield f'<rect class="card" width="{width:.1f}" height="{height:g}" rx="{_RADIUS:g}"/>'
    yield (
        f'<path class="head" d="M.6 {_HEAD:g}V{_RADIUS:g}Q.6 .6 {_RADIUS:g} .6H{width - _RADIUS:.1f}'
        f'Q{width - 0.6:.1f} .6 {width - 0.6:.1f} {_RADIUS:g}V{_HEAD:g}Z"/>'
    )
    yield f'<text class="name" x="{_PAD:g}" y="20">{_text(node.name)}</text>'
    if node.takes:
        yield f'<text class="note" x="{width - _PAD:.1f}" y="20" text-anchor="end">{escape(node.takes)}</text>'
    for row, (text, is_candidate) in enumerate(shown_candidates(node)):
        y = _HEAD + 4 + row * _ROW
        on = is_candidate and text == node.chosen
        off = "" if on or node.chosen is None else " off"
        if on:
            yield f'<rect class="chosen" x="5" y="{y:g}" width="{width - 10:.1f}" height="{_ROW:g}" rx="5"/>'
        elif is_candidate:
            yield f'<circle class="dot{off}" cx="{_PAD + 3:g}" cy="{y + 11:g}" r="2.2"/>'
        style = ' class="on"' if on else f' class="{off.strip()}"' if off else ""
        yield f'<text{style} x="{_PAD + 14:g}" y="{y + 15:g}">{_text(text)}</text>'


def _text(text: str) -> str:
    """Return a name for a card: whole where there is room, else cut, and whole where the mouse rests on it."""
    shown = cut(text)
    return escape(shown) if shown == text else f"{escape(shown)}<title>{escape(text)}</title>"


def _edges(group: Group, layout: Layout) -> Iterator[str]:
    """Yield the lines, those of the path last, so that none lies over it."""
    drawn = sorted(zip(group.edges, layout.lines, strict=True), key=lambda pair: bool(pair[0].chosen))
    for edge, points in drawn:
        yield f'<path class="{_classes(edge)}" d="{_curve(points)}" marker-end="url(#{_tip(edge)})"/>'


def _classes(edge: Edge) -> str:
    names = ["line"] + ["optional"] * edge.optional + {None: [], True: ["path"], False: ["off"]}[edge.chosen]
    return " ".join(names)


def _tip(edge: Edge) -> str:
    return "path-tip" if edge.chosen else "tip"


def _curve(points: Sequence[Point]) -> str:
    """Return a path that is straight beside boxes, and bends in the gaps between the rows."""
    (x, y), *rest = points
    parts = [f"M{x:.1f} {y:.1f}"]
    for number, (to_x, to_y) in enumerate(rest):
        bend = (to_y - y) * _BEND
        if number % 2:
            parts.append(f"C{x:.1f} {y + bend:.1f} {to_x:.1f} {to_y - bend:.1f} {to_x:.1f} {to_y:.1f}")
        elif to_y > y:
            parts.append(f"V{to_y:.1f}")
        x, y = to_x, to_y
    return "".join(parts)


def _marker(name: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7.4" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path class="{name}" d="M0 .5L8 4L0 7.5Z"/></marker>'
    )


def _legend(groups: Sequence[Group]) -> list[str]:
    """Return what kinds of lines mean, of those that there are."""
    edges = [edge for group in groups for edge in group.edges]
    kinds = [
        ("line", "fixed input", any(not edge.optional for edge in edges)),
        ("line optional", "optional input", any(edge.optional for edge in edges)),
        ("line path", "chosen", any(edge.chosen for edge in edges)),
    ]
    parts, x = [], 0.0
    for style, text, is_there in kinds:
        if is_there:
            parts.append(f'<path class="{style}" d="M{x:g} 8h30"/>')
            parts.append(f'<text class="ground" x="{x + 38:g}" y="12">{text}</text>')
            x += 62 + len(text) * _NOTE_CHAR
    return parts
