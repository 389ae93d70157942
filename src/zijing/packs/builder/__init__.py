"""A sheet wanted from above, answered from what is known: its columns mapped to fields or figures, its cells filled.

What a county bureau sends is a workbook with headings of its own. Nothing is typed again for it: each column is matched
to a field of a kind or to a figure, a person confirms, and the same workbook comes back filled (docs/decisions/0035).
"""
