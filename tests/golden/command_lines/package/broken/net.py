"@nni.get_next_paramter()"
