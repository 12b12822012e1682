"""Signing in, two-step sign-in, throttling; the pages of the settings, and what may be done with operators.

A session is signed in only when every step that its operator had set up was passed; `sessions.py` marks it, the
middleware believes nothing but the mark. Whatever takes a step away, or adds one, ends the operator's other sessions.
"""
