"""Reading release names: what separates their words, what is known of each, and how a wanted book
fits them.

Pure: no row, no network. `parsing` makes tokens, `laying` and `marking` give them roles, `fitting`
sorts what is left over.
"""
