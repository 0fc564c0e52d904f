def build(x, size):
    f"""@nni.mutable_layer(layer_choice=[conv(size={size})], layer_output=h)"""
    F'@nni.get_next_parameter()'
    rf"""
    no annotation"""
    ("@nni.report_final_result("
     f"{x})")
    return h
