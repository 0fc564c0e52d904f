def build(x):
    """@nni.mutable_layer(
        layer_choice=[f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f())))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))],
        layer_output=h)"""
    """@nni.report_final_result(a + b + c + d + e + f + g + h + i + j + a + b + c + d + e + f + g + h + i + j + a + b + c + d + e + f + g + h + i + j + a + b + c + d + e + f + g + h + i + j + a + b + c + d + e + f + g + h + i + j + a + b + c + d + e + f + g + h + i + j + a + b + c + d + e + f + g + h + i + j + a + b + c + d + e + f + g + h + i + j)"""
    """@nni.report_final_result(a and b and c and d and e and f and g and h and i and j and a and b and c and d and e and f and g and h and i and j and a and b and c and d and e and f and g and h and i and j and a and b and c and d and e and f and g and h and i and j and a and b and c and d and e and f and g and h and i and j and a and b and c and d and e and f and g and h and i and j and a and b and c and d and e and f and g and h and i and j and a and b and c and d and e and f and g and h and i and j)"""
    """@nni.report_final_result(--------------------------------------------------------------------------------x)"""
    """@nni.report_final_result('' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '' '')"""
    return h
