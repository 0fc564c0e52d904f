def evaluate():
    """@nni.begin_evaluation()"""
    # @nni.end_evaluation()
    return 0
