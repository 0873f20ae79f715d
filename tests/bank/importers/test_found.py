"""This file tests what headings state and which kind of question a wording is."""

import pytest

from sparring.bank.importers.found import category_of, content_kind, years_of


@pytest.mark.parametrize(
    ("heading", "category"),
    [
        ("Technical Questions", "technical"),
        ("Behavioral round", "behavioural"),
        ("Behavioural Questions", "behavioural"),
        ("Scenario based questions", "situational"),
        ("Salary Questions", "salary"),
        ("Ask Interviewer Questions", "ask-interviewer"),
        ("Questions to ask your interviewer about salary", "ask-interviewer"),
        ("HR Interview Questions", "hr"),
        ("Technical and behavioural questions", ""),
        ("Top Interview Questions", ""),
    ],
)
def test_a_heading_states_one_category_or_none(heading: str, category: str) -> None:
    assert category_of(heading) == category


@pytest.mark.parametrize(
    ("heading", "years"),
    [
        ("Questions for 5 Years Experience", 5),
        ("For 3+ years", 3),
        ("2-4 years of experience", 2),
        ("10 yrs", 10),
        ("Freshers", None),
        ("Top 50 questions of 2025", None),
    ],
)
def test_a_heading_states_years_or_not(heading: str, years: int | None) -> None:
    assert years_of(heading) == years


@pytest.mark.parametrize(
    ("category", "text", "kind"),
    [
        ("", "What is a lease?", "concept"),
        ("technical", "How would you design a feed?", "design"),
        ("", "Design a URL shortening service.", "design"),
        ("technical", "Tell me about a time you were wrong.", "story"),
        ("", "Tell me about a database migration you led that was hard.", "story"),
        ("", "Describe a challenging project you worked on.", "story"),
        ("", "What is your expected CTC?", "negotiation"),
        ("salary", "Can you reconsider?", "negotiation"),
        ("ask-interviewer", "How do you handle incidents?", "reverse"),
        ("", "You're given a codebase without documentation. What now?", "situation"),
        ("situational", "A partner's API is down.", "situation"),
        ("behavioural", "How do you take criticism?", "story"),
        ("hr", "Why do you want to work here?", "story"),
        ("", "Write a method that reverses a list.", "code"),
    ],
)
def test_the_kind_follows_from_category_and_wording(category: str, text: str, kind: str) -> None:
    assert content_kind(category, text) == kind
