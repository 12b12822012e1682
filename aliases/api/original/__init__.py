"""The routes that tacomail always had: `/alias`, `/domain`, `/destination`.

Front ends and scripts of the older version call them, so paths, parameters, bodies and statuses are as they were, odd
as some are: what does not exist or cannot be is answered with 405, a single object comes in an array, and some calls
with GET change something. `routes.py` lists every operation once, for the URLs and the OpenAPI document; what is new
(DELETE, POST for each change of state, pages, ETag) stands beside the old and changes none of it.

What a view says of its cost comes on top of finding out who asks: 2 calls for a token.
"""
