"""This package holds the questions: packs, search, import, near-duplicates."""
