"""Mark the undecided places of a TensorFlow model in comments; compile the file into the graph of a search mode."""

TYPE_CHECKING = False  # that of `typing`, to those who check types; this file is there before Ctrl-C is heeded
if TYPE_CHECKING:
    from nascompile.preparation import PreparationError, Prepared, prepare

__version__ = "0.1.0"
__all__ = ["PreparationError", "Prepared", "prepare"]


def __getattr__(name: str) -> object:
    """Import what is public when it is first asked for: `nascompile --version` needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from nascompile import preparation

    return getattr(preparation, name)
