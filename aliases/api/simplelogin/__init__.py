"""The dialect of SimpleLogin, for Bitwarden, SimpleLogin's browser extension and its apps, over the same services.

| file | what |
|---|---|
| `account.py` | who is asking, mailboxes, settings, and what is left out: signing in, keys from a session |
| `creating.py`, `suffixes.py` | what an alias can be called, a new one of a random or a chosen name |
| `aliases.py`, `changing.py` | the list, one alias and its activities; switch, change, delete |
| `shapes.py`, `numbers.py` | an alias and a destination as this dialect writes them, and the numbers that name them |
| `calls.py` | statuses and errors: `{"error": "..."}` |

A mailbox of theirs is a registered destination of ours, their note is our description. A name for replies, PGP and
pinning are unknown here: what a client sends of them is accepted, since it sends them along with the rest, and is left.
"""
