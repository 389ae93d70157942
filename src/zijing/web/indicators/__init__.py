"""Indicators month by month."""
