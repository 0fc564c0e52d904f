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
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

import click

from nascompile.diagnostics import GUTTER_WIDTH, Diagnostic, Severity, printable, render_json, render_text
from nascompile.statistics import amount

if TYPE_CHECKING:
    from nascompile.build import Outcome
    from nascompile.search_space import SearchSpace

PROGRAM = "nascompile"
"""What a sentence is said of that is about no file."""
_kept: ContextVar[list[Diagnostic] | None] = ContextVar("kept", default=None)
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


@contextlib.contextmanager
def one_array() -> Iterator[None]:
    """Keep what is said while the block runs, and write it as one JSON array when it ends, however it does."""
    said: list[Diagnostic] = []
    token = _kept.set(said)
    try:
        yield
    finally:
        _kept.reset(token)
        say(render_json(said))


def is_kept() -> bool:
    """Whether what is said is kept for an array."""
    return _kept.get() is not None


def show_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """Write diagnostics as text, or keep them for the array."""
    if (kept := _kept.get()) is not None:
        kept += diagnostics
    elif diagnostics:
        width = max(_NARROWEST, _columns() - GUTTER_WIDTH)
        text = "\n".join(render_text(diagnostic, width) for diagnostic in diagnostics)
        if has_colour(sys.stderr):
            _show_styled(text)
        else:
            say(text)


def tell(text: str, code: str, path: str = PROGRAM, hint: str | None = None) -> None:
    """Write a sentence on what is no mistake in a file, or keep it for the array as an error with a code."""
    if (kept := _kept.get()) is not None:
        kept.append(Diagnostic(code, text, path, hint=hint))
    else:
        say("\n".join(filter(None, (text, hint))))


def say(text: str) -> None:
    """Write a text on standard error. That it cannot be written is nothing that could be told."""
    with contextlib.suppress(OSError):
        click.echo(text, err=True)


def has_colour(stream: TextIO | None) -> bool:
    """Whether what is written there is coloured: at a terminal that can, unless NO_COLOR or FORCE_COLOR is set."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (is_terminal(stream) and os.environ.get("TERM") != "dumb")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal; one that was closed before we began is none."""
    return stream is not None and stream.isatty()


def show_outcomes(outcomes: Sequence[Outcome], seconds: float) -> None:
    """Write what became of each file, and how many there were of each kind: `compiled   net.py   12 ms`."""
    if (kept := _kept.get()) is not None:
        kept += map(_note, outcomes)
        return
    for one in outcomes:
        time_taken = "" if one.seconds is None else f"   {1000 * one.seconds:.0f} ms"
        say(f"{one.word:<9}  {printable(one.path)}{time_taken}")
    counts = Counter(one.word for one in outcomes)
    told = [f"{counts[word]:,} {word}" for word in _WORDS if counts[word]]
    say(f"{', '.join(told) or 'nothing'} in {seconds:.2f} s")


def _note(outcome: Outcome) -> Diagnostic:
    time_taken = "" if outcome.seconds is None else f" in {1000 * outcome.seconds:.0f} ms"
    return Diagnostic("NC010", f"{outcome.word}{time_taken}", outcome.path, severity=Severity.NOTE)


def show_stale(paths: Sequence[str]) -> None:
    """Write which files are not as compiling would leave them."""
    for path in paths:
        if (kept := _kept.get()) is not None:
            kept.append(Diagnostic("NC009", "would change", path))
        else:
            say(f"would change: {printable(path)}")


def show_markdown(text: str) -> None:
    """Write Markdown to standard output: at a terminal, set; else as it is."""
    if not is_terminal(sys.stdout):
        click.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def show_summary(outcomes: Sequence[Outcome], space: SearchSpace) -> None:
    """Write, at a terminal, how much there was: `12 files, 3 compiled, 24 layers, 1.2e34 architectures`."""
    if is_terminal(sys.stderr) and _kept.get() is None:
        compiled = sum(one.seconds is not None for one in outcomes)
        layers = sum(1 for _ in space.layers())
        amounts = [amount(len(outcomes), "file"), f"{compiled:,} compiled", amount(layers, "layer")]
        say(", ".join([*amounts, amount(space.size(), "architecture")]))


@contextlib.contextmanager
def progress(*, wanted: bool = True) -> Iterator[Callable[[int, int], None] | None]:
    """Give what hears how many of how many files are compiled, and shows it at a terminal if it takes long."""
    if not wanted or not is_terminal(sys.stderr) or _kept.get() is not None:
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
    if not is_terminal(sys.stderr):
        return _NO_TERMINAL
    return shutil.get_terminal_size(os.get_terminal_size(sys.stderr.fileno())).columns or _NO_TERMINAL


def _show_styled(text: str) -> None:
    from rich.console import Console
    from rich.text import Text

    styled = Text(text)
    for pattern, style in _STYLES.items():
        styled.highlight_regex(pattern, style)
    Console(stderr=True, force_terminal=True).print(styled, soft_wrap=True)
