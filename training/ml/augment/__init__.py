"""Clips changed at random, the same for all their frames: in a worker one by one, or a batch on any device.

A pipeline is a typed list of transforms. Each draws its parameters once a clip (`pipeline.draw`), from the
clip's own random numbers; what was drawn is applied by plain tensor functions (`pipeline.show`), so a clip
gets the same numbers alone as in a batch. Neighbouring moves of the picture (crop, resize, flip, affine) are
one resampling. Clips say what they are: pictures, flow or skeletons.
"""
