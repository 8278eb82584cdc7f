"""Two bots on one Redis: one polls, sends and keeps time, the other stands by and takes webhooks all the same."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.singles import TTL
from bot.sandbox.driver import Driver, PersonView
from tests.faults.lives import Lives, lives, until
from tests.faults.nursery import Nursery
from tests.faults.workload import incident_of
from tests.house import Fired
from tests.redis_server import RedisServer

PATIENCE_S = 60.0
