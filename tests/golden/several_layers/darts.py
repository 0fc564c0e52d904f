"""A block of layers of which each builds on the ones before, and an architecture that chooses among them."""; from nascompile_runtime.graph import darts as _nascompile
import tensorflow.compat.v1 as tf


class Net:
    def build(self, images):
        layer_1 = _nascompile.weighted_sum("input/Net.build", "layer_1",

            layer_choice=[_nascompile.candidate("conv(size=1)", "layer_1/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "layer_1/conv_size_3", conv, size=3), _nascompile.candidate("conv(size=5)", "layer_1/conv_size_5", conv, size=5)],
            fixed_inputs=[images])


        layer_2 = _nascompile.weighted_sum("input/Net.build", "layer_2",
            layer_choice=[_nascompile.candidate("conv(size=1)", "layer_2/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "layer_2/conv_size_3", conv, size=3), _nascompile.candidate("pool()", "layer_2/pool", pool)],
            fixed_inputs=[layer_1],
            optional_inputs={"images": images},
            optional_input_size=[0, 1])


        self.logits = _nascompile.weighted_sum("input/Net.build", "self.logits",
            layer_choice=[_nascompile.candidate("dense(units=self.units, name='wide')", "self_logits/dense_units_self_units_name_wide", dense, units=self.units, name='wide'),

            _nascompile.candidate("dense(units=10)", "self_logits/dense_units_10", dense, units=10)],
            optional_inputs={"images": images, "layer_1": layer_1, "layer_2": layer_2},
            optional_input_size=2)



        return self.logits
from layers import conv, dense, pool
