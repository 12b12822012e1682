"""Every write that means something, one function each, for the UI, the admin, the API and the commands alike.

`by` is who does it, as the history will show: an operator's user name, or COMMAND_LINE. The functions take and give the
models of `aliases.models`, write only what they name, and raise the errors of `aliases.records.exceptions`, whose
`field` says which input is wrong. Beside those that a docstring names, each may raise TableError: TableUnavailable
leaves open whether a change was made, and it can be repeated.

A change comes first and its history after it. Where the history cannot be written, the change stays, nothing is raised,
and the log keeps what the history lacks.
"""

COMMAND_LINE = "command line"
