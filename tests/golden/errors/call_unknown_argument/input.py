def train(sess, accuracy):
    """@nni.get_next_parameter(sess=sess)"""
    """@nni.training_update(tf=tf, sesion=sess, optimizer=adam)"""
    """@nni.report_final_result(value=accuracy)"""
