"""darts: the sum of all candidates, weighted by architecture weights that are trained beside the model's own.

h = _nascompile.weighted_sum("trial/Net.build", "h", layer_choice=[...], fixed_inputs=[x])
"""

from nascompile.modes.base import RuntimeMode

MODE = RuntimeMode("darts", "the architecture-weighted sum", layer_function="weighted_sum")
