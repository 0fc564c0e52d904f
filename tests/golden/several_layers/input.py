"""A block of layers of which each builds on the ones before, and an architecture that chooses among them."""
import tensorflow.compat.v1 as tf


class Net:
    def build(self, images):
        """@nni.mutable_layers(
            {
                layer_choice: [conv(size=1), conv(size=3), conv(size=5)],
                fixed_inputs: [images],
                layer_output: layer_1
            },
            {
                layer_choice: [conv(size=1), conv(size=3), pool()],
                fixed_inputs: [layer_1],
                optional_inputs: [images],
                optional_input_size: [0, 1],
                layer_output: layer_2
            },
            {
                layer_choice: [dense(units=self.units,
                                     name="wide"),
                               dense(units=10)],
                optional_inputs: [images, layer_1, layer_2],
                optional_input_size: 2,
                layer_output: self.logits
            }
        )"""
        return self.logits
from layers import conv, dense, pool
