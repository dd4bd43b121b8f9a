"""Made-up site footage with known truth: people, actions, faults and readable frame numbers. No Django."""
