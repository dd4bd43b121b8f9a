"""Learned networks in the formats that other programs run."""
