"""Questions about footage. A selector reads and never writes."""
