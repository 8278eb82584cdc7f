"""Where the HTTP server is to listen: whether it could. The address is taken for a moment, and nobody is let in."""

import asyncio
from datetime import timedelta
from typing import Final

from bot.doctor.findings import Broken, Doubtful, Findings
from bot.settings import Settings, why_not_listening

KNOWN_WITHIN: Final = timedelta(seconds=4)
"""For a host's name to be looked up."""


async def examine_address(settings: Settings) -> Findings:
    """Nothing where all is well: the address is told with the other settings. A bot that runs already has it taken."""
    host, port = settings.http_host, settings.http_port
    try:
        async with asyncio.timeout(KNOWN_WITHIN.total_seconds()):
            server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)
    except OSError as error:
        why = why_not_listening(error, host, port)
        said, advice = f"{why.variable}: {why.wrong}", f"Allowed: {why.allowed}."
        return (
            Doubtful(said, f"Well if that is this bot, running. {advice}") if why.is_taken else Broken(said, advice),
        )
    server.close()
    return ()
