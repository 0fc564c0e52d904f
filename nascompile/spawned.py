"""What processes run that `multiprocessing` spawns from `nascompile exec`: the script compiled, not as it is.

(`multiprocessing` runs the main module again, under the name `__mp_main__`, so that its functions can be unpickled.)
"""

from nascompile import execution

if __name__ == "__mp_main__":
    execution.run_spawned(globals())
