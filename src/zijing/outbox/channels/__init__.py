"""Channels: what carries messages out of the house.

Each is one function of an address, a letter, and whom to tell when sending comes to where nothing can be taken back.
"""

from collections.abc import Callable, Mapping

from zijing.outbox.channels import mail, robots
from zijing.outbox.channels.letters import Letter, Target

# Sends a letter or raises a ``Fault``; calls what it is given just before the other side may take the letter.
Channel = Callable[[Target, Letter, Callable[[], None]], None]

MAIL = "mail"
CHANNELS: Mapping[str, Channel] = {MAIL: mail.send, **robots.CHANNELS}
TITLES = {MAIL: mail.TITLE, **robots.TITLES}
