"""A trial."""
from __future__ import annotations
"""@nni.get_next_parameter()"""
from __future__ import generator_stop

x = 1
