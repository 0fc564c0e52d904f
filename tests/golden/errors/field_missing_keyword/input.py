def build(x):
    # @nni.mutable_layer(fixed_inputs=[x])
    return h
