"""This package decides when a question comes back."""
