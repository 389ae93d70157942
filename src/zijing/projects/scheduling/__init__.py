"""Scheduling as arithmetic: works, stops and crews in; days, slack, causes and chances out. No database, no clock."""
