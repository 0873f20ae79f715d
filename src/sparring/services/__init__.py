"""This package starts and stops real services as child processes."""
