"""Somebody on python-socketio. Reads a request a line from standard input, `[event, argument]`, and writes each reply
as `{"reply": ...}` and each event as `{"event": name, "data": ...}`, a line each."""

import asyncio
import json
import sys

import socketio


def say(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def main(url, token, transport):
    client = socketio.AsyncClient(reconnection=False)

    @client.on("*")
    async def anything(event, data):
        say({"event": event, "data": data})

    await client.connect(url, auth={"token": token}, transports=[transport])
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        event, argument = json.loads(line)
        say({"reply": await client.call(event, argument, timeout=20)})
    await client.disconnect()


asyncio.run(main(*sys.argv[1:]))
