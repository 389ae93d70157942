"""The letters over the columns of a spreadsheet: A … Z, AA … XFD."""


def column_letter(number: int) -> str:
    """The letters of a column, counted from 1."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
