"""Adam on the architecture weights, with weight decay, as the paper trains them.

Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1. Weight decay is added to
the gradient, as in the code of the authors of darts.
"""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from nascompile_runtime.graph.signal import Tensor
from nascompile_runtime.graph.weighted_sum.weights import Trained
from nascompile_runtime.options import Options

_EPSILON = 1e-8


def apply_gradients(pairs: Sequence[tuple[Tensor, Trained]], counter: Tensor, options: Options) -> Tensor:
    """A tensor that makes one step when it is run, and is the number of steps made with it.

    `counter` is the variable that counts them.
    """
    beta_1, beta_2 = options.arch_beta1, options.arch_beta2
    count = counter.assign_add(1, read_value=True)
    power = tf.cast(count, tf.float32)
    power_1, power_2 = tf.pow(beta_1, power), tf.pow(beta_2, power)
    # The operation adds epsilon before it corrects the bias of the second moment, and the algorithm after it.
    epsilon = _EPSILON * tf.sqrt(1 - power_2)
    steps = [
        tf.raw_ops.ResourceApplyAdam(
            var=trained.value.handle,
            m=trained.first_moment.handle,
            v=trained.second_moment.handle,
            beta1_power=power_1,
            beta2_power=power_2,
            lr=options.arch_learning_rate,
            beta1=beta_1,
            beta2=beta_2,
            epsilon=epsilon,
            grad=gradient + options.arch_weight_decay * trained.value.read_value(),
        )
        for gradient, trained in pairs
    ]
    with tf.control_dependencies(steps):
        return tf.identity(count)
