"""How the site's pages and the admin say it: states, outcomes, reasons, changes and errors, in the reader's language.

The words of the records are closed vocabularies for programs; here each of them has its words for people. What stands
in a dictionary is lazy: it is translated when a page shows it.
"""
