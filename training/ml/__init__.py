"""What a model is learned with: frozen data in, a model and its card out. No Django, no settings."""
