# coding: ascii
def train(metrics):
    "@nni.report_final_result(metrics.gr\u00f6\u00dfe)"
