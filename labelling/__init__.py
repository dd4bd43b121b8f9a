"""What people say happens in the footage: label sets, clips, annotations, reviews."""
