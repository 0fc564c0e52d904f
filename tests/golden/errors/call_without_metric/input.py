def train():
    """@nni.report_intermediate_result()"""
    # @nni.report_final_result()
    return 0
