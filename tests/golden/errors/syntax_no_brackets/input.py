def train():
    """@nni.get_next_parameter"""
    # @nni.report_final_result
    """@nni.mutable_layers {layer_choice: [conv()], layer_output: h}"""
    """@nni.get_next_parameter[session]"""
