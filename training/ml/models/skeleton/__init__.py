"""Networks that look at skeletons: graphs of joints over time."""
