def train(arguments):
    """@nni.training_update(*arguments)"""
    """@nni.training_update(**arguments)"""
    """@nni.report_final_result(*arguments)"""
