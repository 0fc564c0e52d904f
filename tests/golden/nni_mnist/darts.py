"""A trial for handwritten digits as they were written for NNI in 2019: it compiles unchanged."""; from nascompile_runtime.graph import darts as _nascompile

import argparse
import logging
import math

import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

import operators as op

logger = logging.getLogger('mnist')


class MnistNetwork(object):
    '''
    MnistNetwork builds the graph.
    '''
    def __init__(self,
                 channel_1_num,
                 channel_2_num,
                 x_dim=784,
                 y_dim=10):
        self.channel_1_num = channel_1_num
        self.channel_2_num = channel_2_num
        self.images = tf.placeholder(tf.float32, [None, x_dim], name='input_x')
        self.labels = tf.placeholder(tf.float32, [None, y_dim], name='input_y')

    def build_network(self):
        '''
        Build the network, and with it the search space.
        '''
        with tf.name_scope('reshape'):
            try:
                input_dim = int(math.sqrt(784))
            except:
                raise
            x_image = tf.reshape(self.images, [-1, input_dim, input_dim, 1])

        conv1_out = _nascompile.weighted_sum("input/MnistNetwork.build_network", "conv1_out",

            layer_choice=[_nascompile.candidate("op.conv2d(size=1, in_ch=1, out_ch=self.channel_1_num)", "conv1_out/op_conv2d_size_1_in_ch_1_out_ch_self_channel_1_num", op.conv2d, size=1, in_ch=1, out_ch=self.channel_1_num),
            _nascompile.candidate("op.conv2d(size=3, in_ch=1, out_ch=self.channel_1_num)", "conv1_out/op_conv2d_size_3_in_ch_1_out_ch_self_channel_1_num", op.conv2d, size=3, in_ch=1, out_ch=self.channel_1_num),
            _nascompile.candidate("op.twice_conv2d(size=3, in_ch=1, out_ch=self.channel_1_num)", "conv1_out/op_twice_conv2d_size_3_in_ch_1_out_ch_self_channel_1_num", op.twice_conv2d, size=3, in_ch=1, out_ch=self.channel_1_num),
            _nascompile.candidate("op.dilated_conv(in_ch=1, out_ch=self.channel_1_num)", "conv1_out/op_dilated_conv_in_ch_1_out_ch_self_channel_1_num", op.dilated_conv, in_ch=1, out_ch=self.channel_1_num)],
            fixed_inputs=[x_image])


        post1_out = _nascompile.weighted_sum("input/MnistNetwork.build_network", "post1_out",
            layer_choice=[_nascompile.candidate("op.post_process(ch_size=self.channel_1_num)", "post1_out/op_post_process_ch_size_self_channel_1_num", op.post_process, ch_size=self.channel_1_num)],
            fixed_inputs=[conv1_out])


        pool1_out = _nascompile.weighted_sum("input/MnistNetwork.build_network", "pool1_out",
            layer_choice=[_nascompile.candidate("op.max_pool(size=3)", "pool1_out/op_max_pool_size_3", op.max_pool, size=3),
            _nascompile.candidate("op.max_pool(size=5)", "pool1_out/op_max_pool_size_5", op.max_pool, size=5),
            _nascompile.candidate("op.avg_pool(size=3)", "pool1_out/op_avg_pool_size_3", op.avg_pool, size=3)],
            fixed_inputs=[post1_out],
            optional_inputs={},
            optional_input_size=0)


        conv2_out = _nascompile.weighted_sum("input/MnistNetwork.build_network", "conv2_out",
            layer_choice=[_nascompile.candidate("op.conv2d(size=1, in_ch=self.channel_1_num, out_ch=self.channel_2_num)", "conv2_out/op_conv2d_size_1_in_ch_self_channel_1_num_out_ch_self_channel_2_num", op.conv2d, size=1, in_ch=self.channel_1_num, out_ch=self.channel_2_num),
            _nascompile.candidate("op.separable_conv(size=7, in_ch=self.channel_1_num, out_ch=self.channel_2_num)", "conv2_out/op_separable_conv_size_7_in_ch_self_channel_1_num_out_ch_self_channel_2_num", op.separable_conv, size=7, in_ch=self.channel_1_num, out_ch=self.channel_2_num)],
            fixed_inputs=[pool1_out],
            optional_inputs={"post1_out": post1_out},
            optional_input_size=[0, 1])


        pool2_out = _nascompile.weighted_sum("input/MnistNetwork.build_network", "pool2_out",
            layer_choice=[_nascompile.candidate("op.max_pool(size=3)", "pool2_out/op_max_pool_size_3", op.max_pool, size=3), _nascompile.candidate("op.avg_pool(size=3)", "pool2_out/op_avg_pool_size_3", op.avg_pool, size=3)],
            fixed_inputs=[conv2_out],
            optional_inputs={"post1_out": post1_out, "pool1_out": pool1_out},
            optional_input_size=1)




        self.loss = tf.reduce_mean(tf.square(pool2_out))


def main(params):
    _nascompile.get_next_parameter()
    network = MnistNetwork(params['channel_1_num'], params['channel_2_num'])
    network.build_network()
    mnist = input_data.read_data_sets(params['data_dir'], one_hot=True)
    test_acc = 0.0
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(params['batch_num']):
            batch = mnist.train.next_batch(params['batch_size'])
            feed_dict={network.images: batch[0],
                       network.labels: batch[1]}
            _nascompile.training_update(tf=tf, session=sess, loss=network.loss, feed_dict=feed_dict)
            sess.run(network.train_step, feed_dict=feed_dict)
            #"""@nni.training_update(tf, sess, network.loss)"""

            if i % 100 == 0:
                _nascompile.report_intermediate_result(test_acc)
                logger.debug('test accuracy %g', test_acc)

        test_acc = sess.run(network.accuracy)

        _nascompile.report_final_result(test_acc)
        logger.debug('Final result is %g', test_acc)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch_num", type=int, default=2000)
    main(vars(parser.parse_args()))
