"""The laptop's stand-in for AWS. Nothing of it runs in a real account.

One process holds everything: the AWS APIs (moto, over real HTTP), an SMTP listener that plays the receiving half of
SES, the two mail functions, and the site. Everything is on 127.0.0.1.

==================  =============================================================================
`stack.py`          starts and stops all of it
`settings.py`       ports and folder, from the environment
`environment.py`    the variables of a running stack: written for others, and taken over by commands
`aws.py`            the HTTP server of the AWS APIs
`moto_ses.py`       what moto's SES lacks: SendBounce, deleting and ordering receipt rules, exact sending
`functions.py`      plays Lambda: calls a Python function by its ARN, at once or later with retries
`smtp.py`           the SMTP dialogue
`receiving.py`      plays SES: carries the actions of the active receipt rule set out
`matching.py`       which recipients a receipt rule is for
`ses_event.py`      the event that a receipt rule hands to a function
`verdicts.py`       spam, virus, SPF, DKIM and DMARC, set by test strings and a header
`trace.py`          the header fields that SES puts on top, and reading header fields
`notifications.py`  plays S3: a stored object starts the function that the bucket names
`bounces.py`        a delivery status notification, RFC 3464
`outbox.py`         what leaves through SES, as files
`persistence.py`    table and objects survive a restart
`object_names.py`   object keys as file names
`domains.py`        the receipt rules follow the served domains
`seed.py`           what a first start finds
`site.py`           serves the Django site
`sample.py`         sends a message to the running stack
==================  =============================================================================
"""
