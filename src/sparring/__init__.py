"""Sparring asks backend-interview questions, grades the answers, and brings back what was missed."""
