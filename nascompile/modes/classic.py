"""classic: just the chosen sub-graph.

h = _nascompile.sub_graph("trial/Net.build", "h", layer_choice=[...], fixed_inputs=[x])
"""

from nascompile.modes.base import RuntimeMode

MODE = RuntimeMode("classic", "the chosen sub-graph", layer_function="sub_graph")
