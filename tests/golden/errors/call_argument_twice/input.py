def train(session, one, other):
    """@nni.get_next_parameter(session, session=session)"""
    """@nni.training_update(tf=tf, loss=one, loss=other)"""
