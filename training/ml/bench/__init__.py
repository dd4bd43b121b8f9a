"""What networks cost: operations, seconds, bytes."""
