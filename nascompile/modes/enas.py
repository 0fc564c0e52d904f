"""enas: the whole search space as one conditional graph; a signal says which candidate of a layer runs.

h = _nascompile.conditional("trial/Net.build", "h", layer_choice=[...], fixed_inputs=[x])
"""

from nascompile.modes.base import RuntimeMode

MODE = RuntimeMode("enas", "one conditional graph", layer_function="conditional")
