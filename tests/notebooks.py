"""Notebooks to compile: cells in, the file that Jupyter would write out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

NET = """\
import os

def conv(inputs, size=3):
    return f"conv of {size}"

def pool(inputs):
    return "pool"
"""
LAYER = """\
# @nni.mutable_layer(layer_choice=[conv(size=3), pool()],
#     fixed_inputs=[x], layer_output=h)
print(h)"""


def code(text: str, *, lines: bool = True, **fields: Any) -> dict[str, Any]:
    """A code cell, its source as a list of lines or as one string."""
    source: Any = text.splitlines(keepends=True) if lines else text
    return {
        "cell_type": "code",
        "execution_count": 7,
        "metadata": {"tags": []},
        "outputs": [],
        "source": source,
    } | fields


def markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": [text]}


def notebook(cells: Sequence[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    content = {"cells": list(cells), "metadata": {"language_info": {"name": "python"}}, "nbformat": 4}
    return content | {"nbformat_minor": 4} | fields


def write_notebook(path: Path, cells: Sequence[dict[str, Any]], **fields: Any) -> bytes:
    """Write a notebook as Jupyter does, and return its bytes."""
    data = (json.dumps(notebook(cells, **fields), indent=1, ensure_ascii=False) + "\n").encode()
    path.write_bytes(data)
    return data


def texts(data: bytes) -> list[str]:
    """The source of each cell."""
    return ["".join(cell["source"]) for cell in json.loads(data)["cells"]]
