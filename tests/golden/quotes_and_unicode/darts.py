"""Arguments that are awkward to quote: in names, in scopes and in code they stay what they are."""; from nascompile_runtime.graph import darts as _nascompile
import tensorflow as tf

kind = "weiß"
y["it's"] = _nascompile.weighted_sum("input", 'y["it\'s"]',
    layer_choice=[_nascompile.candidate('conv(\'a "quoted" word\')', "y_it_s/conv_a_quoted_word", conv, 'a "quoted" word'),
    _nascompile.candidate('conv("it\'s")', "y_it_s/conv_it_s", conv, "it's"),
    _nascompile.candidate('conv(\'\\\'"\')', "y_it_s/conv", conv, '\'"'),
    _nascompile.candidate('conv(\'both \\\' and "\')', "y_it_s/conv_both_and", conv, 'both \' and "'),
    _nascompile.candidate("conv('back\\\\slash')", "y_it_s/conv_back_slash", conv, 'back\\slash'),
    _nascompile.candidate("conv('tab\\t, newline\\n, null\\x00, literal\\ttab')", "y_it_s/conv_tab_t_newline_n_null_x00_literal_ttab", conv, 'tab\t, newline\n, null\x00, literal\ttab'),
    _nascompile.candidate("conv('{braces} %s {}')", "y_it_s/conv_braces_s", conv, '{braces} %s {}'),
    _nascompile.candidate("conv('日本語', größe='ß')", "y_it_s/conv_gr_e", conv, '日本語', größe='ß'),
    _nascompile.candidate("conv('日本')", "y_it_s/conv.2", conv, '日本'),
    _nascompile.candidate("conv('😀')", "y_it_s/conv.3", conv, '😀'),
    _nascompile.candidate("conv('\\ud800')", "y_it_s/conv_ud800", conv, '\ud800'),
    _nascompile.candidate("conv(b'bytes\\x00')", "y_it_s/conv_b_bytes_x00", conv, b'bytes\x00'),
    _nascompile.candidate("conv(f'{kind}!{{}}\\n')", "y_it_s/conv_f_kind_n", conv, f'{kind}!{{}}\n'),
    _nascompile.candidate("conv('')", "y_it_s/conv.4", conv, ''),
    _nascompile.candidate("conv('xy')", "y_it_s/conv_xy", conv, 'xy'),
    _nascompile.candidate("conv('/slash/')", "y_it_s/conv_slash", conv, '/slash/')],
    optional_inputs={"x['key']": x['key'], "x['other']": x['other'], "x.größe": x.größe},
    optional_input_size=1)

from layers import conv, x, y
