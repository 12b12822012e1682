"""What tests share: events as AWS sends them, and a small installation to send them to."""
