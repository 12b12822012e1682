"""The Django project: settings, URLs, and the deployment to AWS."""
