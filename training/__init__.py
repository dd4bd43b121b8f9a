"""What we learn from it: dataset versions, training runs, model versions, predictions."""
