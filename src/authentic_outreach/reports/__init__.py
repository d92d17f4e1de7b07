"""Ratings for people and programs: tables and files, the terminal, plots and pages."""
