def train(session, accuracy):
    '@nni.get_next_parameter(sess=session)'; x = 1; '@nni.report_final_result(acc=accuracy)'; "@nni.training_updates()"
