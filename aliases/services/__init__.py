"""Every write that means something, one function each, for the UI, the admin, the API and the commands alike.

`by` is who does it, as the history will show: an operator's user name, or "command line". The functions take and give
the models of `aliases.models`, write only what they name, and raise the errors of `aliases.records.exceptions`, whose
`field` says which input is wrong.
"""
