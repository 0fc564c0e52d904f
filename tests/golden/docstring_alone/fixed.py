"""A docstring, and the only statement that the import could join."""  # a comment stays behind it


def build(x):
    """Builds the net."""
    h = conv([[x], []], size=1)
    return h
from layers import conv
