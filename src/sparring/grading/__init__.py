"""This package grades what a candidate wrote or said against a rubric."""
