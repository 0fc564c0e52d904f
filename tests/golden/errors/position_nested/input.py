class Net:
    class Inner:
        def build(self, x):
            for _ in range(3):
                if x:
                    pass
                else:
                    """@nni.mutable_layer(layer_choice=[conv()], layer_output=self.h[0], size=3)"""; x = 1
