"""Learning the parts of a recipe one after the other, and adding up what they say."""
