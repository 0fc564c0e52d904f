"""A search space as DOT, for Graphviz: the graph of the SVG picture, to be laid out and styled by others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from nascompile.drawing.graph import Edge, Group, Node

_CHOSEN = "#d9621f"


def render_dot(groups: Sequence[Group], caption: str) -> str:
    """Return a digraph with a cluster for each group, a table for each layer, and dashed edges for optional inputs."""
    lines = [
        "digraph search_space {",
        f"  label={_quoted(caption)}; labelloc=b; fontname=Helvetica; rankdir=TB;",
        '  node [shape=plain fontname="Courier" fontsize=11]; edge [color="#8496a8"];',
    ]
    for number, group in enumerate(groups):
        lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(group.title)}; color=gray80;"]
        lines += [f"    n{number}_{index} {_node(node)};" for index, node in enumerate(group.nodes)]
        lines += [f"    n{number}_{edge.tail} -> n{number}_{edge.head}{_edge(edge)};" for edge in group.edges]
        lines.append("  }")
    return "\n".join([*lines, "}\n"])


def _node(node: Node) -> str:
    if not node.candidates:
        return f'[shape=box style="rounded,filled" fillcolor="#f0f2f5" label={_quoted(node.name)}]'
    return f'[label=<<table border="0" cellborder="1" cellspacing="0" cellpadding="4">{"".join(_rows(node))}</table>>]'


def _rows(node: Node) -> Iterator[str]:
    takes = f" ({_html(node.takes)})" if node.takes else ""
    yield f'<tr><td bgcolor="#e8eff8"><b>{_html(node.name)}</b>{takes}</td></tr>'
    for name in node.candidates:
        if name == node.chosen:
            yield f'<tr><td align="left" bgcolor="{_CHOSEN}"><font color="white">{_html(name)}</font></td></tr>'
        else:
            yield f'<tr><td align="left">{_html(name)}</td></tr>'


def _edge(edge: Edge) -> str:
    styles = ["style=dashed"] * edge.optional
    if edge.chosen is not None:
        styles += [f'color="{_CHOSEN}" penwidth=2.4'] if edge.chosen else ['color="#c8d0d8"']
    return f" [{' '.join(styles)}]" if styles else ""


def _html(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
