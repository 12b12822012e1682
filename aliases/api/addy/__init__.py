"""The dialect of addy.io, for Bitwarden and for the browser extension of addy.io.

Mounted at `/addy/`, so that the base URL which a person gives to such a client is `https://<this site>/addy`; requests
for `/api/v1/` come here, too, where they say that they are from such a client.

What differs from addy.io, and why:

- There are no pins. `pinned` is always false, unpinning succeeds since nothing is pinned, and pinning is refused: the
  extension would say that it had pinned an alias which the next look shows unpinned.
- `active: false` is our paused. An ignored alias is active, and activating it makes it accept mail again.
- A deleted alias is one whose deletion the history still tells: those among its newest 500 changes in a list, for a
  year by its id. Its `active` is false, since its mail is refused.
- Forgetting closes the way back to a deleted alias. What the history told of it before stays there for its year, and
  its address may be given to a new alias.
- Recipients are destinations; the verified ones are those that are on. An alias tells those that are on for it.
- The names of people and the nouns of addy.io are two words here.
- Signing in with a password is left out, here and on purpose: a program gets a token.
- What comes too often is answered with JSON like all else, where addy.io has plain text: Bitwarden shows the sentence,
  and the extension looks at the status alone.

What a view says of its cost comes on top of finding out who asks: 2 calls for a token.
"""
