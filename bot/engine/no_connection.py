"""Why a server could not be reached, in words for people: who asks knows the address already."""

import os
import socket

import aiohttp


def why(error: aiohttp.ClientConnectorError) -> str:
    """The system's own words, like `Connection refused`, or the kind of error where it has none.

    What asyncio says instead holds the address as Python writes it.
    """
    cause = error.os_error
    if isinstance(cause, socket.gaierror):
        return cause.strerror or "no such name"
    return os.strerror(cause.errno) if cause.errno else type(cause).__name__
