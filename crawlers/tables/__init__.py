"""Rows of Excel, CSV and JSON files as raw items: letters, calls, visits, other crawlers' files."""
