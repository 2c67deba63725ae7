"""Sheets: pictures side by side, with their names."""
