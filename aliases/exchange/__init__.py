"""Aliases as CSV: out of the table, and in from our own export, SimpleLogin, addy.io and the older SQL version.

reading.py turns octets into rows, dialects.py rows into what they want (values.py reads their cells), importing.py
carries that out (merging.py: what a row makes of an alias) and reports on each (results.py), writing.py writes.
No Django in here.
"""
