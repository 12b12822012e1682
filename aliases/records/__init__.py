"""The records in the one DynamoDB table, and the rules about addresses.

No Django, no boto3, no Zappa in here: the mail functions import this package, and every import costs them at a
cold start. `tests/test_layering.py` holds that.

Where to look:

=====================  ==============================================================================
`addresses.py`         parse, normalise and check a mailbox; the names an alias may be found under
`destinations.py`      what the text of a destination means: a Maildir, the bucket, a mailbox elsewhere
`alias.py`             the alias item and its index
`configuration.py`     the items that say which domains are served and which destinations exist
`message.py`           one accepted message on its way
`log.py`               what became of one message for one alias
`keys.py`              the reserved partition keys
`schema.py`            the table itself
`connection.py`        the only caller of DynamoDB
`envelope.py`          everything that decides about one envelope, in one read
`store.py`             aliases: create, find, change, rename, delete, list
`registry.py`          domains and destinations, each in step with its string set
`messages.py`          message and log records, counters
`dump.py`              the whole table as JSON Lines, and back
`exceptions.py`        what can go wrong
`translatable.py`      sentences for people, which pages translate
=====================  ==============================================================================
"""
