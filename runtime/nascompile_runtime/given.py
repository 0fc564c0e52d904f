"""An architecture that came from outside: looked into under its own keys, and what is strange about it is said once.

It may be older than the code, and then some of it is only worth a warning: keys that begin with another module, layers
that have lost candidates since. What cannot be known is an error.
"""

from __future__ import annotations

import sys

from nascompile_runtime.architecture import Architecture, Choice, found_choice, read_choice
from nascompile_runtime.fingerprint import lost_since
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.lookup import Lookup
from nascompile_runtime.variables import Plain, VariableSpace, found_value


class GivenArchitecture:
    """An architecture, as it is, and what it says of layers and variables."""

    def __init__(self, content: Architecture, origin: str) -> None:
        self.content = content
        self._origin = origin
        self._lookup = Lookup(content)
        self._choices: dict[LayerSpace, Choice] = {}
        self._read: set[tuple[str, str]] = set()
        self._said: set[str] = set()

    def choice(self, space: LayerSpace) -> Choice:
        """Its choice for a layer. Raises ArchitectureError where it has none, or it cannot be known which."""
        if space not in self._choices:
            found = found_choice(self.content, self._lookup, space)
            self._choices[space] = read_choice(found.value, space)
            self._read.add((found.block, found.key))
            self._note_module(space.block)
            for lost in lost_since(self._lookup.made_for(found), space):
                self._warn(f"{space}: {lost} gone that it had when the architecture was made")
        return self._choices[space]

    def value(self, variable: VariableSpace) -> Plain:
        """Its value for a variable. Raises ArchitectureError where it has none, or it cannot be known which."""
        value = variable.checked(found_value(self.content, self._lookup, variable))
        self._note_module(variable.key)
        return value

    def found(self) -> dict[str, bool]:
        """Whether each block, `block/layer` and variable that it holds was found when something was asked for."""
        layers = {
            f"{block}/{layer}": (block, layer) in self._read
            for block in dict.fromkeys(block for block, _ in self._read)
            for layer in self.content[block]
        }
        return self._lookup.found() | layers

    def _note_module(self, key: str) -> None:
        module, known = (name.partition("/")[0] for name in (key, self._lookup.known_as(key)))
        if known not in ("", module):
            self._warn(f"what the architecture says of the module {known!r} is taken for {module!r}")

    def _warn(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            print(f"nascompile: {self._origin}: {message}", file=sys.stderr, flush=True)
