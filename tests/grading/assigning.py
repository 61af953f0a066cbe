"""Assigning as a coordinator does: the counts are looked at, then confirmed."""

import re


def shown(client, path: str, form: dict) -> str:
    """The page with the counts, on which nothing is assigned yet."""
    response = client.post(path, form)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def confirmed(client, path: str, form: dict):
    """What is answered to the counts' confirmation."""
    counts = re.search(r'name="confirm" value="([^"]*)"', shown(client, path, form))
    return client.post(path, form | {"confirm": counts[1]}, follow=True)
