"""This file lets `python -m sparring` be `spar`."""

from sparring.cli import main

main()
