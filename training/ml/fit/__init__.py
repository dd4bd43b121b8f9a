"""Learning for whoever has the data: a typed recipe and a data set in, a network and its report out.

`fit` in `training.ml.fit.run` carries a recipe out, alone or on several devices under torchrun; a run that is
killed or broken off goes on from its folder and ends, on the CPU, in the same bits.
"""
