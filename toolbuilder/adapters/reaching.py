"""Whether anybody answers at an address. Nothing is asked there, and nothing is sent along."""

from urllib.parse import urlsplit

import httpx2


def answers(address: str) -> bool:
    """Tell whether a server answers, whatever it says."""
    try:
        httpx2.head(address, timeout=10, follow_redirects=False)
    except (httpx2.HTTPError, httpx2.InvalidURL):
        return False
    return True


def without_credentials(address: str) -> str:
    """Give an address without the name and the password that it may hold."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
