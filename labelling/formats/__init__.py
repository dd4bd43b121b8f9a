"""What other tools read and write: one file a format, none of which knows Django."""
