"""What drives a speaker with PyPI's Wyoming client: for scripts whose first argument is the port."""

import array
import json
import sys

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.ping import Ping, Pong


def speaker(*words):
    """Has the speaker do something; its answer."""
    print(*words, flush=True)
    return json.loads(sys.stdin.readline())


def same(found, expected):
    assert found == expected, f"\n   found {found!r}\nexpected {expected!r}"


class Client(AsyncTcpClient):
    def __init__(self, patience):
        """A server that does not answer for so many seconds fails the test instead of holding it up."""
        super().__init__("127.0.0.1", int(sys.argv[1]), connect_timeout=patience, read_timeout=patience)

    async def send(self, *events):
        for event in events:
            await self.write_event(event.event())

    async def receive(self, kind):
        """The next event, which has to be of the type."""
        event = await self.read_event()
        assert event is not None, f"the connection ended before {kind.__name__}"
        assert kind.is_type(event.type), f"{event} instead of {kind.__name__}"
        return kind.from_event(event)

    async def sync(self):
        """All that was sent has been handled, and nothing is there to be read but the answer."""
        await self.send(Ping(text="sync"))
        same(await self.receive(Pong), Pong(text="sync"))

    async def sound(self):
        """A whole recording: its start, its samples, its end."""
        start = await self.receive(AudioStart)
        samples = array.array("h")
        while True:
            event = await self.read_event()
            if AudioStop.is_type(event.type):
                return start, samples, AudioStop.from_event(event)
            assert AudioChunk.is_type(event.type), event
            chunk = AudioChunk.from_event(event)
            same((chunk.rate, chunk.width, chunk.channels), (start.rate, start.width, start.channels))
            same(chunk.timestamp, len(samples) * 1000 // chunk.rate)
            samples.frombytes(chunk.audio)


def recording(rate, samples, channels=1, chunk=1024):
    """The events of a recording."""
    data = array.array("h", samples).tobytes()
    step = chunk * channels * 2
    pieces = [data[at : at + step] for at in range(0, len(data), step)]
    chunks = [AudioChunk(rate=rate, width=2, channels=channels, audio=piece) for piece in pieces]
    return [AudioStart(rate=rate, width=2, channels=channels), *chunks, AudioStop()]
