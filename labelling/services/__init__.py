"""What can be done to labels: verbs, keyword-only, one transaction each."""
