"""The live parts of the question for a village."""
