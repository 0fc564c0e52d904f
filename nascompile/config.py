"""`[tool.nascompile]` in `pyproject.toml`: options that a project sets, which the command line overrides.

    [tool.nascompile]
    mode = "enas"
    exclude = ["tests", "data/raw"]
    output = "build"

Of the folders from the sources upwards, the first counts whose file has the table. Paths are meant from that folder.
"""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

from nascompile.diagnostics import Diagnostic, Span, did_you_mean
from nascompile.lines import Lines
from nascompile.modes import mode_named

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAME = "pyproject.toml"
_MARK = b"nascompile"
_HEADER = re.compile(r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*\"?nascompile\"?[ \t]*\]", re.MULTILINE)
_KINDS = {
    "str": "text",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "array": "a list of texts",
    "object": "a table",
}


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The keys of the table and their types. Each is an option of the command line, of the same meaning."""

    mode: str | None = None
    arch: str | None = None
    scopes: bool = True
    tf1: bool = False
    exclude: list[str] = []
    output: str | None = None
    root: str | None = None
    strict: bool = False
    quiet: bool = False
    verbose: bool = False
    jobs: Annotated[int, msgspec.Meta(ge=1)] | None = None
    cache: bool = True


@dataclass(frozen=True, slots=True)
class Config:
    """A table that was read, and the folder that its paths are meant from."""

    folder: str
    settings: Settings

    def defaults(self) -> dict[str, Any]:
        """Return the values for the parameters of our commands, as the command line would spell them."""
        settings = self.settings
        values: dict[str, Any] = {"quiet": settings.quiet, "verbose": settings.verbose, "jobs": settings.jobs}
        values |= {
            "mode": settings.mode,
            "no_scopes": not settings.scopes,
            "tf1": settings.tf1,
            "strict": settings.strict,
            "no_cache": not settings.cache,
        }
        values["arch"] = None if settings.arch is None else os.path.join(self.folder, settings.arch)
        values["root"] = None if settings.root is None else os.path.join(self.folder, settings.root)
        values["output"] = None if settings.output is None else os.path.join(self.folder, settings.output, "")
        return {name: value for name, value in values.items() if value}

    def exclusions(self) -> list[tuple[str, str]]:
        """Return the excluded patterns, each with the folder that it was written in; the output is no source."""
        return [(self.folder, pattern) for pattern in (*self.settings.exclude, *self._output())]

    def _output(self) -> Iterator[str]:
        """Yield a pattern of the output and nothing else; none where it lies elsewhere."""
        path = os.path.relpath(os.path.join(self.folder, self.settings.output or "."), self.folder or ".")
        if path.split(os.sep)[0] not in (os.curdir, os.pardir):
            yield "/" + glob.escape(path)


def find_config(sources: Sequence[str]) -> Config | list[Diagnostic] | None:
    """Return the nearest table upwards from all sources, or what is wrong with it; None where there is none."""
    starts = [os.path.abspath("." if source == "-" else source) for source in sources] or [os.getcwd()]
    folder = os.path.commonpath(starts)
    while True:
        path = os.path.join(folder, FILE_NAME)
        if os.path.isfile(path):
            found = _read(_shown(path))
            if found is not None:
                return found
        if folder == os.path.dirname(folder):
            return None
        folder = os.path.dirname(folder)


def read_config(path: str) -> Config | list[Diagnostic]:
    """Return the table of a file that is named, or what is wrong with it.

    Raises:
        OSError: it cannot be read.
    """
    return _read(path) or [Diagnostic("NC601", "the file has no table [tool.nascompile]", path)]


def _read(path: str) -> Config | list[Diagnostic] | None:
    data = Path(path).read_bytes()
    if _MARK not in data:  # most projects' files; they are not even parsed
        return None
    try:
        text = data.decode()
        content = tomllib.loads(text)
    except UnicodeDecodeError as error:
        return [Diagnostic("NC601", f"the file is not UTF-8: {error.reason} at byte {error.start}", path)]
    except tomllib.TOMLDecodeError as error:
        return [_not_toml(path, text, str(error))]
    tool = content.get("tool")
    if not isinstance(tool, dict) or "nascompile" not in tool:
        return None
    table = tool["nascompile"]
    if not isinstance(table, dict):
        return [Diagnostic("NC601", "tool.nascompile is a table of options", path)]
    wrong = list(_mistakes(path, text, table))
    return wrong or Config(os.path.dirname(path), msgspec.convert(table, Settings))


def _mistakes(path: str, text: str, table: dict[str, Any]) -> Iterator[Diagnostic]:
    """Yield what is wrong with each key."""
    for key, value in table.items():
        if key not in Settings.__struct_encode_fields__:
            hint = did_you_mean(key, Settings.__struct_encode_fields__)
            message = f"unknown key `{key}`; the keys are {', '.join(Settings.__struct_encode_fields__)}"
            yield _at_key(path, text, key, message, hint)
            continue
        try:
            msgspec.convert({key: value}, Settings)
            if key == "mode":
                mode_named(value)
        except msgspec.ValidationError as error:
            yield _at_key(path, text, key, f"`{key}` {_in_words(str(error))}")
        except ValueError as error:
            yield _at_key(path, text, key, str(error))


def _in_words(message: str) -> str:
    """Return what msgspec says of a value: "Expected `str | null`, got `int` - at `$.mode`" as "is text, not `int`"."""
    match = re.match(r"Expected `(\w+)(?: \| null)?`(?:, got `(\w+)`)?(.*)", message)
    if match is None:
        return f"cannot be used: {message}"
    expected = _KINDS.get(match[1], match[1])
    if match[2] is None:
        return f"is {expected}{match[3].partition(' - at')[0]}"
    element = re.search(r"\[(?:\d+|\.\.\.)\]`", message)
    return f"{'holds' if element else 'is'} {expected}, not {_KINDS.get(match[2], match[2])}"


def _at_key(path: str, text: str, key: str, message: str, hint: str | None = None) -> Diagnostic:
    """Return a diagnostic at a key of the table, or of the whole file where the table is written in another way."""
    header = _HEADER.search(text)
    if header is not None:
        written = re.compile(rf"^[ \t]*[\"']?({re.escape(key)})[\"']?[ \t]*[=.]", re.MULTILINE)
        if match := written.search(text, header.end()):
            lines = Lines(text)
            span = lines.span(*match.span(1))
            return Diagnostic("NC601", message, path, span, hint, lines.line(span.line))
    return Diagnostic("NC601", message, path, hint=hint)


def _not_toml(path: str, text: str, message: str) -> Diagnostic:
    match = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if match is None:
        return Diagnostic("NC601", f"the file is not TOML: {message}", path)
    line, column = int(match[1]), int(match[2])
    span = Span(line, column, line, column + 1)
    told = f"the file is not TOML: {message[: match.start()]}"
    return Diagnostic("NC601", told, path, span, line_text=Lines(text).line(line))


def _shown(path: str) -> str:
    """Return a path from the current folder where it is near, as messages are easier to read with it."""
    with_dots = os.path.relpath(path)
    return with_dots if len(with_dots) < len(path) else path
