# @nni.get_next_parameter()
"""A trial."""
