import math

for epoch in range(3):
    """@nni.variable(nni.loguniform(1e-4, 0.1), name=rate)"""
    rate = 0.1
    # @nni.function_choice(math.sin(epoch), math.cos(epoch), name=math.sin)
    while math.sin(epoch) > 1:
        # nascompile: ignore[NC704]
        # @nni.variable(nni.choice(1, 2), name=size)
        size = 1
    # @nni.report_intermediate_result(rate)
