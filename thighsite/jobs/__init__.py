"""Jobs: work that takes longer than a request may, done by a worker beside the site.

`kinds` declares what can be done, `starting` starts it, `running` does it once, `progress` tells how far it is,
`taking_up` gives to another worker what a dead one left. `engine` alone knows procrastinate, which carries word of a
job to a worker; whether and how it was done stands in the site's own table (decision 24).
"""
