"""Pictures of search spaces: which edges there are, that boxes and lines keep out of each other's way, the files."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from command_line import nascompile
from hypothesis import given, settings
from hypothesis import strategies as st

from nascompile.api import annotations_of
from nascompile.drawing.dot import render_dot
from nascompile.drawing.graph import Edge, Group, Node, build_groups
from nascompile.drawing.layout import BOX_GAP, place
from nascompile.drawing.svg import render_svg

CODE = """
def build(x):
    # @nni.mutable_layer(layer_choice=[conv(size=1), pool()], fixed_inputs=[x])
    a = conv(x)
    # @nni.mutable_layer(layer_choice=[f("<&>")], fixed_inputs=[a],
    #                    optional_inputs=[x, b + 1], optional_input_size=[0, 1], name="again")
    a = f(a)
    # @nni.mutable_layer(layer_choice=[pool()], fixed_inputs=[a])
    c = pool(a)

def other(a):
    # @nni.mutable_layer(layer_choice=[pool()], fixed_inputs=[a])
    d = pool(a)
"""
ARCHITECTURE = {
    "t/build": {
        "a": {"chosen_layer": "pool()", "chosen_inputs": []},
        "again": {"chosen_layer": "f('<&>')", "chosen_inputs": ["x"]},
        "c": {"chosen_layer": "pool()", "chosen_inputs": []},
    },
    "t/other": {"d": {"chosen_layer": "pool()", "chosen_inputs": []}},
}
ANNOTATIONS = annotations_of(CODE.encode(), path="t.py", module="t")


def edges_of(group: Group) -> set[tuple[str, str, bool, bool | None]]:
    names = [f"{node.name}{'' if node.candidates else '?'}" for node in group.nodes]
    return {(names[edge.tail], names[edge.head], edge.optional, edge.chosen) for edge in group.edges}


def test_input_is_the_latest_layer_of_its_name_in_the_scope_and_else_a_value() -> None:
    first, second = build_groups(ANNOTATIONS)
    assert (first.title, second.title) == ("t/build", "t/other")
    assert [node.name for node in first.nodes] == ["x", "a", "b + 1", "again", "c"]
    assert first.edges == (
        Edge(0, 1, False),
        Edge(1, 3, False),
        Edge(0, 3, True),
        Edge(2, 3, True),
        Edge(3, 4, False),
    )
    assert edges_of(second) == {("a?", "d", False, None)}
    assert first.nodes[3].takes == "0 to 1 of 2"


def test_path_of_an_architecture_is_what_it_chose() -> None:
    first, _ = build_groups(ANNOTATIONS, ARCHITECTURE)
    assert edges_of(first) == {
        ("x?", "a", False, True),
        ("a", "again", False, True),
        ("x?", "again", True, True),
        ("b + 1?", "again", True, False),
        ("again", "c", False, True),
    }
    assert [node.chosen for node in first.nodes] == [None, "pool()", None, "f('<&>')", "pool()"]


def test_svg_is_xml_that_shows_each_candidate_and_edge() -> None:
    picture = render_svg(build_groups(ANNOTATIONS, ARCHITECTURE), "so <many>")
    root = ElementTree.fromstring(picture)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    for text in (
        "t/build",
        "conv(size=1)",
        "f('<&>')",
        "b + 1",
        "fixed input",
        "optional input",
        "chosen",
        "so <many>",
    ):
        assert text in texts
    lines = [one.get("class") for one in root.iter("{http://www.w3.org/2000/svg}path") if one.get("marker-end")]
    assert sorted(lines, key=str) == ["line optional off", "line optional path", *["line path"] * 4]


def test_svg_of_one_architecture_marks_one_candidate_a_layer() -> None:
    assert render_svg(build_groups(ANNOTATIONS, ARCHITECTURE), "").count('class="chosen"') == 4
    assert 'class="chosen"' not in render_svg(build_groups(ANNOTATIONS), "")


def test_dot_has_a_table_for_each_layer_and_dashes_for_optional_inputs() -> None:
    text = render_dot(build_groups(ANNOTATIONS, ARCHITECTURE), 'a "title" \\')
    assert 'label="a \\"title\\" \\\\";' in text
    assert text.count("<table") == 4
    assert "f('&lt;&amp;&gt;')" in text
    assert re.findall(r"n0_(\d) -> n0_(\d) \[style=dashed", text) == [("0", "3"), ("2", "3")]
    assert text.count("{") == text.count("}")


def test_what_no_file_can_hold_is_shown_by_a_sign() -> None:
    code = b'# @nni.mutable_layer(layer_choice=[f("\\x01\x02")], fixed_inputs=[x])\na = f(x)\n'
    groups = build_groups(annotations_of(code, path="t.py", module="t"))
    ElementTree.fromstring(render_svg(groups, ""))


def test_many_candidates_are_cut_and_the_chosen_one_is_not() -> None:
    names = tuple(f"f({number})" for number in range(40))
    picture = render_svg([Group("t", (Node("h", names, chosen="f(33)"),), ())], "")
    assert "… and 29 more" in picture
    assert ">f(33)<" in picture
    assert ">f(20)<" not in picture


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[tuple[float, float]], list[tuple[int, int, float]]]:
    count = draw(st.integers(1, 12))
    sizes = [(float(draw(st.integers(10, 200))), float(draw(st.integers(10, 90)))) for _ in range(count)]
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1), st.sampled_from([1.0, 100.0]))
    return sizes, [pair for pair in draw(st.lists(pairs, max_size=20)) if pair[0] < pair[1]]


@settings(deadline=None)
@given(graphs())
def test_boxes_and_lines_keep_apart(graph: tuple[list[tuple[float, float]], list[tuple[int, int, float]]]) -> None:
    sizes, edges = graph
    layout = place(sizes, edges)
    frames = [(x, y, x + w, y + h) for (x, y), (w, h) in zip(layout.boxes, sizes, strict=True)]
    for left, top, right, bottom in frames:
        assert left >= -0.01
        assert top >= 0
        assert right <= layout.width + 0.01
        assert bottom <= layout.height + 0.01
    for one in range(len(frames)):
        for other in range(one):
            a, b = frames[one], frames[other]
            beside = a[2] + BOX_GAP <= b[0] + 0.01 or b[2] + BOX_GAP <= a[0] + 0.01
            assert beside or a[3] < b[1] or b[3] < a[1]
    for (tail, head, _), points in zip(edges, layout.lines, strict=True):
        assert points[0][1] == frames[tail][3]
        assert points[-1][1] == frames[head][1]
        assert frames[tail][0] <= points[0][0] <= frames[tail][2]
        assert frames[head][0] <= points[-1][0] <= frames[head][2]
        for (x, top), (_, bottom) in zip(points[::2], points[1::2], strict=True):
            for number, (left, upper, right, lower) in enumerate(frames):
                if number not in (tail, head):
                    assert not (left < x < right and top < lower and upper < bottom)


def test_huge_space_is_drawn_soon() -> None:
    nodes = (Node("x"), *(Node(f"h{number}", ("f()", "g()")) for number in range(3000)))
    edges = [Edge(number, number + 1, False) for number in range(3000)] + [Edge(0, n, True) for n in range(2, 3001)]
    begin = time.perf_counter()
    render_svg([Group("t", nodes, tuple(edges))], "")
    assert time.perf_counter() - begin < 30  # of a fraction of a second: it would be minutes if lines took every row


@pytest.mark.parametrize("name", ["digits", "cells"])
def test_pictures_of_the_readme_are_as_its_commands_draw_them(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(__file__).parents[2]
    monkeypatch.chdir(root)
    readme = (root / "README.md").read_text(encoding="utf-8")
    [command] = re.findall(rf"`nascompile (space samples/{name}/trial.py --graph docs/{name}.svg[^`]*)`", readme)
    assert nascompile(*command.replace(f"docs/{name}.svg", str(tmp_path / "now.svg")).split()).returncode == 0
    assert (tmp_path / "now.svg").read_bytes() == (root / f"docs/{name}.svg").read_bytes()
