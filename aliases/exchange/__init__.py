"""Aliases as CSV: out of the table, and in from our own export, SimpleLogin, addy.io and the older SQL version.

reading.py turns octets into rows, dialects.py rows into what they want, importing.py carries that out and reports on
each row, writing.py writes. No Django in here.
"""
