"""A session of QEMU's own Python client: session.py SOCKET PICTURE, with qemu.qmp on PYTHONPATH."""

import asyncio
import sys

from qemu.qmp import QMPClient
from qemu.qmp.events import EventListener
from qemu.qmp.qmp_client import ExecuteError


async def session(socket: str, picture: str) -> None:
    client = QMPClient("vitrine")
    await client.connect(socket)
    version = await client.execute("query-version")
    print("version", version["qemu"]["major"], version["qemu"]["minor"])
    with client.listener(("STOP", "RESUME")) as listener:
        await client.execute("stop")
        await client.execute("cont")
        events = [(await asyncio.wait_for(listener.get(), 60))["event"] for _ in range(2)]
    print("events", *events)
    status = await client.execute("query-status")
    print("status", status["status"])
    commands = {command["name"] for command in await client.execute("query-commands")}
    schema = await client.execute("query-qmp-schema")
    described = {entity["name"] for entity in schema if entity["meta-type"] == "command"}
    print("described", commands == described)
    try:
        await client.execute("no-such-command")
    except ExecuteError as error:
        print("refused", error.error_class)
    await client.execute("send-key", {"keys": [{"type": "qcode", "data": "h"}]})
    await client.execute("screendump", {"filename": picture, "format": "png"})
    shutdown = EventListener(("SHUTDOWN",))
    client.register_listener(shutdown)
    await client.execute("quit")
    event = await asyncio.wait_for(shutdown.get(), 60)
    print("shutdown", event["data"]["reason"])
    try:
        await client.disconnect()
    except EOFError:
        pass  # The emulator has ended the connection before its client did: both may after "quit".


asyncio.run(session(sys.argv[1], sys.argv[2]))
