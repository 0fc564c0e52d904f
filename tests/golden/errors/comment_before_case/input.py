def train(mode):
    match mode:
        # @nni.get_next_parameter()
        case 1:
            return 0
        # @nni.get_next_parameter()
        case 2:
            return 1
