"""Drives the whole speaker with PyPI's Wyoming client, as Home Assistant does.

The port is the argument. What the speaker hears is asked for on standard output, a line each; how loud it was meanwhile, and what
happened, is answered on standard input.
"""

import asyncio
import math
import sys
from pathlib import Path

from wyoming.asr import Transcribe, Transcript
from wyoming.info import Describe, Info
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.satellite import RunSatellite, StreamingStarted, StreamingStopped
from wyoming.snd import Played
from wyoming.timer import TimerFinished, TimerStarted
from wyoming.tts import Synthesize
from wyoming.wake import Detection

# What drives the crate alone drives the whole speaker, too.
sys.path.insert(0, str(Path(__file__).parents[2] / "wyoming/tests"))
import wyoming_speaker
from wyoming_speaker import recording, same, speaker

PATIENCE = 60.0
# Louder than anything but speech, music and tones.
LOUD = 0.01
SILENT = 0.001


def kinds(answer):
    return [event["event"] for event in answer["events"]]


def true(condition, *shown):
    assert condition, shown


def Client():
    return wyoming_speaker.Client(PATIENCE)


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
        start, command, _ = await client.sound()
        rate = start.rate
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
        start, speech, _ = await other.sound()
        rate = start.rate
        true(rate / 3 < len(speech) < rate * 5 and rms(speech) > LOUD, rate, len(speech), rms(speech))

    # Without a client it understands by itself.
    await asyncio.sleep(0.3)
    heard = speaker("say", 0)
    meaning = [(event["skill"], event["intent"], event["slots"]) for event in heard["events"] if event["event"] == "understood"]
    same(meaning, [("timer", "HassStartTimer", {"minutes": "5"})])


asyncio.run(main())
