"""How a run learns: data, loops, checkpoints and measures, put in order by `training.ml.run`."""
