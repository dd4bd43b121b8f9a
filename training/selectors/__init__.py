"""Questions that training answers from the database."""
