"@nni.get_next_paramter()"
x = = 1
