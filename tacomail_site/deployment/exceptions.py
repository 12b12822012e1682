"""What stands in the way of a deployment.

DeploymentError
├── InvalidDeployment    the wanted state itself makes no sense
├── ForeignRuleSet       somebody else's receipt rule set is active
├── BucketTaken          the bucket's name belongs to another account
└── FunctionMissing      a function must be deployed before anything may be allowed to invoke it
"""

from __future__ import annotations


class DeploymentError(Exception):
    """Base of this package's errors; the text is a sentence for the person who deploys."""


class InvalidDeployment(DeploymentError):
    """The wanted state makes no sense; nothing was asked of AWS."""


class ForeignRuleSet(DeploymentError):
    """Another receipt rule set is active. SES has one active set for each region, so we leave it alone."""

    def __init__(self, active: str, ours: str) -> None:
        super().__init__(
            f"The receipt rule set {active!r} is active in this region, and mail would stop reaching it if {ours!r} "
            f"took its place. Deactivate {active!r} in SES, or deploy to another region."
        )
        self.active = active


class BucketTaken(DeploymentError):
    """The bucket exists and this account may not use it."""

    def __init__(self, bucket: str) -> None:
        super().__init__(f"The bucket name {bucket!r} belongs to somebody else. Choose another name.")
        self.bucket = bucket


class FunctionMissing(DeploymentError):
    """Permissions hang on a function, so it must be there first."""

    def __init__(self, function: str) -> None:
        super().__init__(f"The function {function!r} does not exist. Deploy the mail functions first.")
        self.function = function
