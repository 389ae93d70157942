"""Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2, Service_Discovery): residents' reports for other programs.

A jurisdiction is an office, by its division code. XML is the rule, JSON is offered; requests are sent as forms.
"""
