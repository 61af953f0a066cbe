"""Whether what is stored is what was signed, and whether trail and tables tell the same, played against one another.

    signature (pure) ─► signed_reads ◄─ corrections      what was signed, under the names of then
    trail_replay                                          rows and grades against the trail's records, both ways
    entries                                               entries against the grades that they made, and reading times
    chain                                                 the trail against its hashes and seals
    actors                                                who acted, and whether the site vouches for it
    acts                                                  what people alone may do, by the people that are named
    guards                                                keys, functions and rules in the database: those of the site
    verify                                                all of it in words

What is asked of PostgreSQL is asked of a whole study at once; only what is wrong is fetched.
"""
