"""A trial for handwritten digits as they were written for NNI in 2019: it compiles unchanged."""

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

        with tf.compat.v1.variable_scope(None, 'conv1_out/op_conv2d_size_1_in_ch_1_out_ch_self_channel_1_num'):
            conv1_out = op.conv2d([[x_image], []], size=1, in_ch=1, out_ch=self.channel_1_num)







        with tf.compat.v1.variable_scope(None, 'post1_out/op_post_process_ch_size_self_channel_1_num'):
            post1_out = op.post_process([[conv1_out], []], ch_size=self.channel_1_num)



        with tf.compat.v1.variable_scope(None, 'pool1_out/op_max_pool_size_3'):
            pool1_out = op.max_pool([[post1_out], []], size=3)







        with tf.compat.v1.variable_scope(None, 'conv2_out/op_conv2d_size_1_in_ch_self_channel_1_num_out_ch_self_channel_2_num'):
            conv2_out = op.conv2d(
                [[pool1_out], []], size=1, in_ch=self.channel_1_num, out_ch=self.channel_2_num)





        with tf.compat.v1.variable_scope(None, 'pool2_out/op_max_pool_size_3'):
            pool2_out = op.max_pool([[conv2_out], [post1_out]], size=3)







        self.loss = tf.reduce_mean(tf.square(pool2_out))


def main(params):

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

            sess.run(network.train_step, feed_dict=feed_dict)
            #"""@nni.training_update(tf, sess, network.loss)"""

            if i % 100 == 0:

                logger.debug('test accuracy %g', test_acc)

        test_acc = sess.run(network.accuracy)


        logger.debug('Final result is %g', test_acc)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch_num", type=int, default=2000)
    main(vars(parser.parse_args()))
