"""Small word lists, English and Dutch, as Python tuples: the domain reads no files.

A phrase is lower case; a star at its end stands for any ending ("allerg*" covers allergic and allergies).
"""
