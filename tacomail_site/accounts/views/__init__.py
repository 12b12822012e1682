"""The pages of the accounts. They work without JavaScript, and hold neither scripts nor styles of their own."""
