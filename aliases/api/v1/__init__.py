"""The modern paths, on django-ninja. Only requests for the API import what is here: pages never load ninja.

| file | what |
|---|---|
| `api.py` | the API with its routers, and how to add one |
| `operations.py` | what each operation declares: scope, identifier, refusals |
| `schemas.py`, `paging.py` | what bodies, filters and pages of lists have in common |
| `refusals.py`, `sentences.py` | errors as problem details |
| `words.py`, `fates.py`, `known.py`, `naming.py` | what several resources say in the same way |
| `framing.py` | methods and headers around each view |
| `document.py` | the OpenAPI document |
"""
