def build(x):
    r"""@nni.report_final_result(x + \ 
        1)"""
    return x
