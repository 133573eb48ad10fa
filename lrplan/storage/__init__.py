"""What lrplan keeps between runs, in files of this machine: the state, the plans and journals of runs, the lock."""
