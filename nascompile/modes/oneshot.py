"""oneshot: the sum of all candidates, with dropout on the optional inputs.

h = _nascompile.dropout_sum("trial/Net.build", "h", layer_choice=[...], fixed_inputs=[x])
"""

from nascompile.modes.base import RuntimeMode

MODE = RuntimeMode("oneshot", "the dropout-sum", layer_function="dropout_sum")
