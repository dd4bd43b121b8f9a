"""Questions about labels. A selector reads and never writes."""
