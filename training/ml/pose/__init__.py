"""Poses of people: from video, from OpenPose's files, and brought to the joints of a graph."""
