"""What annotations mean: the data that flows from the frontend through the passes to a mode. Knows no syntax tree.

    # @nni.mutable_layer(layer_choice=[conv(size=1), pool()], fixed_inputs=[x], layer_output=h)

becomes `Annotated(site, MutableLayers("trial/Net.build", (Layer("h", (Candidate("conv(size=1)", ...), ...), ...),)))`:
where it stands, and what it says. Every piece of the user's code keeps the place it was written at.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

from nascompile.diagnostics import Span

Plain: TypeAlias = "str | int | float | bool | None"
"""A value that JSON writes as it is."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name that the user's code looks up, and where."""

    id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Expression:
    """A piece of the user's code: normalised to one line, where it was written, the names it looks up, its spelling."""

    code: str
    span: Span
    names: tuple[Name, ...] = ()
    written: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One operation of `layer_choice`, or one of a function choice.

    `name` is its source, normalised; `scope` the scope of its variables; `written` the call as the user wrote it. A
    function choice may be among values, too: such a candidate has no function, and its `arguments` are the value. It
    `is_late` where it makes calls of its own, so that it is evaluated only if it is chosen.
    """

    name: str
    function: str
    arguments: str
    span: Span
    names: tuple[Name, ...] = ()
    scope: str = ""
    written: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """One entry of a mutable block.

    `name` is what the user calls it, if anything: its key, whatever its output is called.
    `fields` are the given ones in the order of the source, each with its place. `size_span` is where the size was
    written, if it can be checked: a mistake in the inputs leaves their number open. `default_line` is the line of the
    assignment below a comment that describes it, else 0, and `declared_type` the type that this gives to its target.
    """

    candidates: tuple[Candidate, ...]
    output: Expression
    span: Span
    fields: tuple[tuple[str, Span], ...]
    fixed_inputs: tuple[Expression, ...] = ()
    optional_inputs: tuple[Expression, ...] = ()
    optional_input_size: int | tuple[int, int] = 0
    size_span: Span | None = None
    default_line: int = 0
    declared_type: Expression | None = None
    name: str = ""
    key: str = ""

    @property
    def own_name(self) -> str:
        """What tells the layer from others of its block: its name, or else its output."""
        return self.name or self.output.code

    @property
    def has_choice(self) -> bool:
        """Whether architectures differ in it."""
        low, high = self.sizes
        return len(self.candidates) > 1 or low < high or 0 < low < len(self.optional_inputs)

    @property
    def sizes(self) -> tuple[int, int]:
        """The smallest and the largest number of optional inputs."""
        size = self.optional_input_size
        return (size, size) if isinstance(size, int) else size


@dataclass(frozen=True, slots=True)
class MutableLayers:
    """Layers of a mutable block, in order; a later one may use an earlier one's output.

    All layers of one scope are one block, whose key they have in common, however many annotations they stand in.
    """

    layers: tuple[Layer, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of `nni.choice`. Search spaces call a plain value by itself, and all else by its source."""

    name: Plain
    value: Expression


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a variable is sampled: one of NNI's functions, with the options of a choice or the numbers of another."""

    function: str
    span: Span
    options: tuple[Option, ...] = ()
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """The next assignment to `name` takes a sampled value, if `shared` that of all of its name in the file."""

    name: Expression
    sampling: Sampling
    key: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class FunctionChoice:
    """In the next statement, the call of `name` is one of these calls. `inner` names are bound in it alone."""

    name: Expression
    candidates: tuple[Candidate, ...]
    span: Span
    key: str = ""
    inner: frozenset[str] = frozenset()
    shared: bool = False


class CallKind(enum.Enum):
    """The annotations that are one call of the runtime."""

    GET_NEXT_PARAMETER = "get_next_parameter"
    TRAINING_UPDATE = "training_update"
    REPORT_INTERMEDIATE_RESULT = "report_intermediate_result"
    REPORT_FINAL_RESULT = "report_final_result"
    BEGIN_EVALUATION = "begin_evaluation"
    END_EVALUATION = "end_evaluation"
    DERIVE = "derive"


@dataclass(frozen=True, slots=True)
class RuntimeCall:
    """A request, an update, a report, a mark or a derivation: its arguments by name, in the order of the source."""

    kind: CallKind
    arguments: tuple[tuple[str, Expression], ...] = ()


Annotation: TypeAlias = MutableLayers | RuntimeCall | Variable | FunctionChoice


class ScopeKind(enum.Enum):
    """What the innermost scope around a statement is."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    ASYNC_FUNCTION = "async function"


@dataclass(frozen=True, slots=True)
class Site:
    """Where an annotation stands.

    `start` and `end` are offsets into the text, in code points: what the expansion replaces. `code` is where in it the
    annotated statement begins: at once for a string, below a comment that describes an assignment, else nowhere (at the
    end). `alone` says that nothing else stands on its lines but indentation before and a comment behind; only then may
    the expansion be more than small statements. `scope` names the classes and functions around it, outermost first.
    `only` says that its suite holds nothing but annotations, `in_loop` that a loop of its scope is around it.
    """

    start: int
    code: int
    end: int
    span: Span
    indent: str
    alone: bool
    scope: tuple[str, ...]
    scope_kind: ScopeKind
    only: bool
    in_loop: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """An expression of the user's, by offsets, that a sampled value stands for."""

    start: int
    end: int
    span: Span


@dataclass(frozen=True, slots=True)
class Annotated:
    """An annotation and its place, and the `values` in the statement below it that it replaces, in order."""

    site: Site
    annotation: Annotation
    values: tuple[Place, ...] = ()
