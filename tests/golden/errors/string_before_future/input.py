"""@nni.get_next_parameter()"""
from __future__ import annotations

x = 1
