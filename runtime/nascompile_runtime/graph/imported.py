"""Graphs that hold mutable layers without what chooses in them: imported from a file, which has the operations alone.

Such a graph runs the architecture that it starts with, whatever is asked for, so it is refused.
"""

from __future__ import annotations

from typing import Any

_CHECKED = "_nascompile_checked_version"
_ADVICE = (
    "build the graph with the code that has the layers and restore the checkpoint there, or compile that code with "
    "--mode fixed for a graph of one architecture that can be exported, frozen and imported"
)


def check_not_imported(graph: Any) -> None:
    """Check a graph that nothing is known of.

    Raises:
        ValueError: there are mutable layers in it.
    """
    if getattr(graph, _CHECKED, None) == graph.version:
        return
    for operation in graph.get_operations():
        if operation.type == "VarHandleOp" and operation.get_attr("shared_name").startswith(b"nascompile/"):
            raise ValueError(
                f"the graph of the session has mutable layers that were imported ({operation.name!r}), by "
                "import_meta_graph or from a SavedModel: no architecture can be loaded into it, and it runs the one "
                f"that it starts with; {_ADVICE}"
            )
    setattr(graph, _CHECKED, graph.version)


def imported_gradient_error(operation: Any) -> ValueError:
    """The error for an operation of ours whose gradient is asked for in a graph that does not know it."""
    return ValueError(
        f"{operation.name!r} belongs to a mutable layer that was imported, whose gradient is not in the file; {_ADVICE}"
    )
