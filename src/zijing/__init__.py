"""Zijing (紫荆): the work platform of a Chinese subdistrict or town office."""

__version__ = "0.1.0"
