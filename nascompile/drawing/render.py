"""Draws a search space into the bytes of a file, whose name says in which format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nascompile.drawing.dot import render_dot
from nascompile.drawing.graph import build_groups
from nascompile.drawing.svg import render_svg
from nascompile.ir import Annotated
from nascompile.search_space import SearchSpace
from nascompile.statistics import summary

FORMATS = {".svg": render_svg, ".dot": render_dot, ".gv": render_dot}


def draw(
    suffix: str,
    annotations: Iterable[Annotated],
    space: SearchSpace,
    architecture: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the picture of the annotations' layers; `suffix` is one of FORMATS, `architecture` the path to show."""
    groups = build_groups(annotations, architecture)
    return FORMATS[suffix](groups, summary(space)).encode()
