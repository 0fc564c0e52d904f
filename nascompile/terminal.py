"""What is said on standard error: diagnostics, in colour at a terminal, and there a line that sums up a folder."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from nascompile.diagnostics import GUTTER_WIDTH, Diagnostic, render_json, render_text
from nascompile.statistics import amount

if TYPE_CHECKING:
    from nascompile.api import CompiledTree

_STYLES = {
    r"(?m)^\S.*: (?=\w+\[NC\d+\])": "bold",
    r"(?m)(?<=: )error\[NC\d+\]": "bold red",
    r"(?m)(?<=: )warning\[NC\d+\]": "bold yellow",
    r"(?m)\^+$": "bold red",
    r"(?m)^ +hint:": "cyan",
}


def show_diagnostics(diagnostics: Sequence[Diagnostic], form: str = "text") -> None:
    """Write diagnostics: as `text`, nothing where there are none; as `json`, one array in any case."""
    if form == "json":
        click.echo(render_json(diagnostics), err=True)
    elif diagnostics and sys.stderr.isatty():
        width = max(40, shutil.get_terminal_size().columns - GUTTER_WIDTH)
        _show_styled("\n".join(render_text(diagnostic, width) for diagnostic in diagnostics))
    elif diagnostics:
        click.echo("\n".join(map(render_text, diagnostics)), err=True)


def is_terminal(out: str | None) -> bool:
    """Whether what is written there (None: standard output) is looked at, with colour unless that is unwanted."""
    return out is None and sys.stdout.isatty()


def show_summary(tree: CompiledTree) -> None:
    """Write, at a terminal, how much there was: `12 files, 3 compiled, 24 layers, 1.2e+09 architectures`."""
    if sys.stderr.isatty():
        files = len(tree.plan.modules) + len(tree.plan.files) + len(tree.plan.links)
        layers = sum(1 for _ in tree.search_space.layers())
        size = tree.search_space.size()
        amounts = [amount(files, "file"), f"{len(tree.outputs)} compiled", amount(layers, "layer")]
        click.echo(", ".join([*amounts, amount(size, "architecture")]), err=True)


def _show_styled(text: str) -> None:
    from rich.console import Console
    from rich.text import Text

    styled = Text(text)
    for pattern, style in _STYLES.items():
        styled.highlight_regex(pattern, style)
    Console(stderr=True).print(styled, soft_wrap=True)
