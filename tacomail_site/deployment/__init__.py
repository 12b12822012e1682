"""What AWS must hold for an installation, and making it so.

=================  ==============================================================================
`resources.py`     the wanted state, in one place and without a request
`provision.py`     one idempotent function that makes it: the laptop and a real account use the same
`bucket.py`        the bucket with its policy, protection, lifecycle and notification
`permissions.py`   who may invoke the two mail functions
`rules.py`         the receipt rule set, its two rules, and keeping them in step with the served domains
`merging.py`       our entries among those that somebody else put into the same list
`changes.py`       what provisioning reports
`exceptions.py`    what stands in the way
=================  ==============================================================================
"""
