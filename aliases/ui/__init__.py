"""The pages for people who manage their aliases. They work without JavaScript; htmx only spares reloads."""
