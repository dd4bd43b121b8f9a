"""Skeletons before a network sees them: numpy arrays (C, T, V, M), zeros where nobody is."""
