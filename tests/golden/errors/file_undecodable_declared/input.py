#!/usr/bin/env python
# -*- coding: ascii -*-
"""@nni.get_next_parameter()"""
x = "café"
