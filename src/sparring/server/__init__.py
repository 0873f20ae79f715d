"""This package serves the pages and the HTTP API."""
