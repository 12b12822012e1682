"""Held mail: what waits in the bucket with a reason, and what the retries left there unfinished.

`listing` says what there is, `reading` shows one message, `acting` delivers it again, sends it elsewhere or deletes it.
All raise ConfigurationError where TACOMAIL_MAIL_BUCKET is not set, TableError and, of the bucket, BucketError.
"""
