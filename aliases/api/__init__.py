"""The HTTP API: the routes that tacomail always had, the modern ones, and two dialects that other programs speak.

| folder | paths | for |
|---|---|---|
| `original/` | `/alias`, `/domain`, `/destination` | the front end and the scripts of the older version |
| `v1/` | `/api/v1/` | whoever writes something new |
| `addy/` | `/addy/api/`, and `/api/v1/` where the request says that it comes from such a client | clients of addy.io |
| `simplelogin/` | `/simplelogin/api/`, and the same below `/api/` | clients of SimpleLogin |

`tacomail_site.accounts` finds out who is asking; `access.py` is how a view gets to know. None of these paths is ever
answered with a redirect, and each may have a slash at its end or not.
"""
