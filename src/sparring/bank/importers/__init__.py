"""This file re-exports what reads a document and says what was found in it."""

from sparring.bank.importers.documents import LARGEST_BYTES, read_document
from sparring.bank.importers.found import Found, ImportProblem, category_of, content_kind

__all__ = ["LARGEST_BYTES", "Found", "ImportProblem", "category_of", "content_kind", "read_document"]
