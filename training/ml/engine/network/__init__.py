"""Training a network end to end, from packed clips to a model."""
