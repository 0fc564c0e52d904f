def train(session):
    """@nni.start_training(session)"""
