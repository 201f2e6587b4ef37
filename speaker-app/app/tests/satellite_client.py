"""Drives the whole speaker with PyPI's Wyoming client, as Home Assistant does.

The port is the argument. What the speaker hears is asked for on standard output, a line each; how loud it was meanwhile, and what
happened, is answered on standard input.
"""

import array
import asyncio
import json
import math
import sys

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.info import Describe, Info
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.satellite import RunSatellite, StreamingStarted, StreamingStopped
from wyoming.snd import Played
from wyoming.timer import TimerFinished, TimerStarted
from wyoming.tts import Synthesize
from wyoming.wake import Detection

PATIENCE = 60.0
# Louder than anything but speech, music and tones.
LOUD = 0.01
SILENT = 0.001


def speaker(*words):
    """Has the speaker hear something; what came of it."""
    print(*words, flush=True)
    return json.loads(sys.stdin.readline())


def kinds(answer):
    return [event["event"] for event in answer["events"]]


def same(found, expected):
    assert found == expected, f"\n   found {found!r}\nexpected {expected!r}"


def true(condition, *shown):
    assert condition, shown


class Client(AsyncTcpClient):
    def __init__(self):
        super().__init__("127.0.0.1", int(sys.argv[1]), connect_timeout=PATIENCE, read_timeout=PATIENCE)

    async def send(self, *events):
        for event in events:
            await self.write_event(event.event())

    async def receive(self, kind):
        """The next event, which has to be of the type."""
        event = await self.read_event()
        assert event is not None, f"the connection ended before {kind.__name__}"
        assert kind.is_type(event.type), f"{event} instead of {kind.__name__}"
        return kind.from_event(event)

    async def sound(self):
        """A whole recording: samples a second, and samples."""
        start = await self.receive(AudioStart)
        samples = array.array("h")
        while True:
            event = await self.read_event()
            if AudioStop.is_type(event.type):
                return start.rate, samples
            samples.frombytes(AudioChunk.from_event(event).audio)


def recording(rate, samples, chunk=1024):
    """The events of a recording, one channel."""
    data = array.array("h", samples).tobytes()
    pieces = [data[at : at + chunk * 2] for at in range(0, len(data), chunk * 2)]
    chunks = [AudioChunk(rate=rate, width=2, channels=1, audio=piece) for piece in pieces]
    return [AudioStart(rate=rate, width=2, channels=1), *chunks, AudioStop()]


def tone(rate, seconds):
    return [int(8000 * math.sin(2 * math.pi * 440 * at / rate)) for at in range(int(rate * seconds))]


def rms(samples):
    return math.sqrt(sum(sample * sample for sample in samples) / max(len(samples), 1)) / 32768


async def main():
    async with Client() as client, Client() as other:
        await client.send(RunSatellite(), Describe())
        info = await client.receive(Info)
        same((info.satellite.name, info.satellite.area, info.satellite.installed), ("kitchen speaker", "Küche", True))
        same(([word.name for word in info.wake[0].models], info.wake[0].models[0].phrase), (["okay_jarvis"], "okay jarvis"))
        same((len(info.asr), len(info.tts), info.asr[0].models[0].languages), (1, 1, ["en"]))

        # The wake word begins a pipeline, and the command is streamed until nobody speaks.
        heard = speaker("say", 0)
        true("woken" in kinds(heard) and "understood" not in kinds(heard) and heard["loudest"] < LOUD, heard)
        same((await client.receive(Detection)).name, "okay_jarvis")
        run = await client.receive(RunPipeline)
        same((run.start_stage, run.end_stage, run.wake_word_name), (PipelineStage.ASR, PipelineStage.TTS, "okay_jarvis"))
        await client.receive(StreamingStarted)
        rate, command = await client.sound()
        true(rate == 16000 and 16000 < len(command) < 160000 and rms(command) > LOUD, rate, len(command), rms(command))
        await client.receive(StreamingStopped)

        # Its answer is heard, and the client is told when it has ended.
        await client.send(Transcript(text="set a timer"), Synthesize(text="Done."), *recording(22050, tone(22050, 1.0)))
        await asyncio.sleep(0.3)
        true(speaker("listen", 3)["loudest"] > LOUD)
        await client.receive(Played)
        true(speaker("listen", 1)["loudest"] < SILENT)

        # Its timers ring.
        await client.send(TimerStarted(id="a", total_seconds=1, name="tea"), TimerFinished(id="a"))
        await asyncio.sleep(0.3)
        true(speaker("listen", 2)["loudest"] > LOUD)

        # The wake word ends that; the command goes to the client again, which interrupts itself.
        heard = speaker("say", 1)
        true("woken" in kinds(heard), heard)
        for kind in (Detection, RunPipeline, StreamingStarted):
            await client.receive(kind)
        await client.sound()
        await client.receive(StreamingStopped)
        true(speaker("listen", 3)["loudest"] < SILENT)

        # Recognition and synthesis for another client.
        await other.send(Transcribe(language="en"), *recording(16000, command))
        # Without the wake word before it the recogniser does not know the voice: a politeness or a plural is up to it.
        text = (await other.receive(Transcript)).text
        true("set a timer for five minute" in text, text)
        await other.send(Synthesize(text="nine kilometers"))
        rate, speech = await other.sound()
        true(rate / 3 < len(speech) < rate * 5 and rms(speech) > LOUD, rate, len(speech), rms(speech))

    # Without a client it understands by itself.
    await asyncio.sleep(0.3)
    heard = speaker("say", 0)
    meaning = [(event["skill"], event["intent"], event["slots"]) for event in heard["events"] if event["event"] == "understood"]
    same(meaning, [("timer", "HassStartTimer", {"minutes": "5"})])


asyncio.run(main())
