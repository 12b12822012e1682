"""The two mail functions, and what they are made of.

A message travels: `ses.py` (SES asks whether an alias takes it) -> the bucket -> `s3.py` (deliver what was stored).

====================  ===========================================================================
`ses.py`, `s3.py`     the entries, thin
`config.py`           the settings, from the environment
`events.py`           the shapes of the events
`receipt.py`          an SES event, read with all its oddities
`notifications.py`    an S3 event, unwrapped
`disposition.py`      the decision, pure
`written.py`          what is written down about a message that SES asks about, pure
`plan.py`             which deliveries a decision asks for, and when a message is settled, pure
`delivery.py`         carry one stored message out
`recovery.py`         find the envelope when no record of it is left
`maildir.py`          write into a Maildir
`bucket.py`           the stored objects
`dsn.py`              the bounce for the refused recipients of an accepted message
`clients.py`          AWS clients, made once
`patience.py`         a bound on how long a piece of work may take
`logs.py`             structured logs
`redelivery.py`       finish what the retries left
`fetching.py`         get mail out of the bucket
====================  ===========================================================================

No Django, no boto3, no Zappa in what the entries import; `local/`, the laptop's stand-in for AWS, is another matter.
"""
