"""What can be done in training."""
