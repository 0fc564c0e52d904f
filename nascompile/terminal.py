"""What is said beside the results, on standard error: diagnostics, in colour at a terminal, what became of files, and
at a terminal how far a long run is and how much there was.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

import click

from nascompile.diagnostics import GUTTER_WIDTH, Diagnostic, printable, render_json, render_text
from nascompile.statistics import amount

if TYPE_CHECKING:
    from nascompile.build import Outcome
    from nascompile.search_space import SearchSpace

_STYLES = {
    r"(?m)^\S.*: (?=\w+\[NC\d+\])": "bold",
    r"(?m)(?<=: )error\[NC\d+\]": "bold red",
    r"(?m)(?<=: )warning\[NC\d+\]": "bold yellow",
    r"(?m)\^+$": "bold red",
    r"(?m)^ +hint:": "cyan",
}
_WORDS = ("compiled", "cached", "copied", "unchanged")
_NO_TERMINAL = 128  # columns of a page where there is no terminal
_NARROWEST = 16  # columns that an excerpt has in any case
_LONG_RUN = 0.5  # seconds; of a shorter one no progress is shown


def show_diagnostics(diagnostics: Sequence[Diagnostic], form: str = "text") -> None:
    """Write diagnostics: as `text`, nothing where there are none; as `json`, one array in any case."""
    if form == "json":
        click.echo(render_json(diagnostics), err=True)
    elif diagnostics:
        width = max(_NARROWEST, _columns() - GUTTER_WIDTH)
        text = "\n".join(render_text(diagnostic, width) for diagnostic in diagnostics)
        if has_colour(sys.stderr):
            _show_styled(text)
        else:
            click.echo(text, err=True)


def has_colour(stream: TextIO) -> bool:
    """Whether what is written there is coloured: at a terminal that can, unless NO_COLOR or FORCE_COLOR is set."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def show_outcomes(outcomes: Sequence[Outcome], seconds: float) -> None:
    """Write what became of each file, and how many there were of each kind: `compiled   net.py   12 ms`."""
    for one in outcomes:
        time_taken = "" if one.seconds is None else f"   {1000 * one.seconds:.0f} ms"
        click.echo(f"{one.word:<9}  {printable(one.path)}{time_taken}", err=True)
    counts = Counter(one.word for one in outcomes)
    told = [f"{counts[word]:,} {word}" for word in _WORDS if counts[word]]
    click.echo(f"{', '.join(told) or 'nothing'} in {seconds:.2f} s", err=True)


def show_stale(paths: Sequence[str]) -> None:
    """Write which files are not as compiling would leave them."""
    for path in paths:
        click.echo(f"would change: {printable(path)}", err=True)


def show_markdown(text: str) -> None:
    """Write Markdown to standard output: at a terminal, set; else as it is."""
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def show_summary(outcomes: Sequence[Outcome], space: SearchSpace) -> None:
    """Write, at a terminal, how much there was: `12 files, 3 compiled, 24 layers, 1.2e34 architectures`."""
    if sys.stderr.isatty():
        compiled = sum(one.seconds is not None for one in outcomes)
        layers = sum(1 for _ in space.layers())
        amounts = [amount(len(outcomes), "file"), f"{compiled:,} compiled", amount(layers, "layer")]
        click.echo(", ".join([*amounts, amount(space.size(), "architecture")]), err=True)


@contextlib.contextmanager
def progress(*, wanted: bool = True) -> Iterator[Callable[[int, int], None] | None]:
    """Give what hears how many of how many files are compiled, and shows it at a terminal if it takes long."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    bar = _Bar()
    try:
        yield bar.advance
    finally:
        bar.stop()


class _Bar:
    """A line that is there while a long run goes on. Drawn without a thread, so that processes may fork."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._stop: Callable[[], None] | None = None
        self._update: Callable[[int, int], None] = self._wait

    def advance(self, done: int, of: int) -> None:
        self._update(done, of)

    def stop(self) -> None:
        if self._stop is not None:
            self._stop()

    def _wait(self, done: int, of: int) -> None:
        if time.monotonic() - self._begin < _LONG_RUN or done == of:
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("compiling"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        shown = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
        task = shown.add_task("", total=of, completed=done)
        shown.start()
        self._stop = shown.stop
        self._update = lambda done, of: shown.update(task, completed=done, total=of, refresh=True)


def _columns() -> int:
    """Return how wide standard error is, wherever standard output goes."""
    if not sys.stderr.isatty():
        return _NO_TERMINAL
    return shutil.get_terminal_size(os.get_terminal_size(sys.stderr.fileno())).columns or _NO_TERMINAL


def _show_styled(text: str) -> None:
    from rich.console import Console
    from rich.text import Text

    styled = Text(text)
    for pattern, style in _STYLES.items():
        styled.highlight_regex(pattern, style)
    Console(stderr=True, force_terminal=True).print(styled, soft_wrap=True)
