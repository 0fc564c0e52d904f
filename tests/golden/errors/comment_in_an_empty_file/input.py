  # @nni.get_next_parameter()
