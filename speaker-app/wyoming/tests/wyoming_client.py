"""Drives the speaker with PyPI's Wyoming client, as Home Assistant does, and checks what comes with that package's own types.

The port and the scenario's name are the arguments. What the speaker itself does is asked for on standard output, a line each,
and answered on standard input.
"""

import asyncio
import sys

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.info import Attribution, Describe, Info, SelectProgram
from wyoming.ping import Ping, Pong
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.satellite import PauseSatellite, RunSatellite, StreamingStarted, StreamingStopped
from wyoming.snd import Played
from wyoming.timer import TimerCancelled, TimerFinished, TimerStarted, TimerUpdated
from wyoming.tts import Synthesize, SynthesizeVoice
from wyoming.vad import VoiceStarted, VoiceStopped
from wyoming.wake import Detect, Detection

import wyoming_speaker
from wyoming_speaker import recording, same, speaker

# A server that does not answer fails the test instead of holding it up.
PATIENCE = 30.0


def Client():
    return wyoming_speaker.Client(PATIENCE)


async def describe():
    async with Client() as client:
        await client.send(SelectProgram(name="recogniser"), Describe())
        info = await client.receive(Info)
    made = Attribution(name="Saggar", url="https://example.org/saggar")
    satellite = info.satellite
    same((satellite.name, satellite.area, satellite.description), ("kitchen speaker", "Küche", "Voice speaker"))
    same((satellite.version, satellite.installed, satellite.attribution), ("0.1.0", True, made))
    same((satellite.has_vad, satellite.active_wake_words, satellite.max_active_wake_words), (True, ["okay_jarvis"], 1))
    same(satellite.supports_trigger, False)
    (asr,), (tts,), (wake,) = info.asr, info.tts, info.wake
    (model,), (voice,), (word,) = asr.models, tts.voices, wake.models
    same((asr.name, asr.installed, asr.attribution, asr.version), ("recogniser", True, made, "0.1.0"))
    same((asr.supports_transcript_streaming, asr.requires_external_vad), (False, True))
    same((model.name, model.languages, model.description, model.version), ("grammar-en", ["en"], "Commands", None))
    same((tts.name, tts.supports_synthesize_streaming), ("voice", False))
    same((voice.name, voice.languages, [who.name for who in voice.speakers]), ("espeak-en", ["en"], ["f1"]))
    same((wake.name, word.name, word.phrase, word.languages), ("wake", "okay_jarvis", "okay jarvis", ["en"]))
    same((info.handle, info.intent, info.mic, info.snd), ([], [], [], []))
    # Their own form of it has all that ours has, and no more.
    same(Info.from_event(info.event()), info)


async def satellite():
    async with Client() as client:
        same(speaker("state"), "NoClient")
        await client.send(RunSatellite(), Describe())
        await client.receive(Info)
        same(speaker("state"), "Ready")
        # A command, ended by the speaker's own detector.
        same(speaker("wake", "okay_jarvis", 1234), True)
        same(await client.receive(Detection), Detection(name="okay_jarvis", timestamp=1234))
        run = RunPipeline(start_stage=PipelineStage.ASR, end_stage=PipelineStage.TTS, wake_word_name="okay_jarvis")
        same(await client.receive(RunPipeline), run)
        await client.receive(StreamingStarted)
        same(speaker("state"), "Streaming")
        same(speaker("audio", 20000), True)
        same(speaker("end"), True)
        start, samples, stop = await client.sound()
        same((start.rate, start.width, start.channels, start.timestamp, stop.timestamp), (16000, 2, 1, 0, 1250))
        same(list(samples), list(range(20000)))
        await client.receive(StreamingStopped)
        same((speaker("audio", 500), speaker("state")), (False, "Ready"))
        # The pipeline's progress and its spoken answer, as Home Assistant sends them.
        await client.send(Transcribe(language="en"), VoiceStarted(timestamp=100), VoiceStopped(timestamp=900))
        await client.send(Transcript(text="turn on the light"), Synthesize(text="Done.", voice=SynthesizeVoice(name="v")))
        await client.send(*recording(22050, range(3000)))
        await client.sync()
        same(
            speaker("seen"),
            [
                "Running",
                'Transcribe { language: Some("en") }',
                "VoiceStarted { timestamp: Some(100) }",
                "VoiceStopped { timestamp: Some(900) }",
                'Transcript { text: "turn on the light" }',
                'Synthesize { text: "Done." }',
                "play_start",
                f"play 22050 1024 {sum(range(1024))}",
                f"play 22050 1024 {sum(range(1024, 2048))}",
                f"play 22050 952 {sum(range(2048, 3000))}",
                "play_end",
            ],
        )
        same(speaker("played"), True)
        await client.receive(Played)
        same(speaker("played"), False)
        # Stereo at another rate is heard as mono.
        await client.send(*recording(48000, [100, 200] * 10, channels=2))
        await client.sync()
        same(speaker("seen"), ["play_start", "play 48000 10 1500", "play_end"])
        same(speaker("played"), True)
        await client.receive(Played)


async def ended_by_client():
    """The client's own detector ends the command; then an error does."""
    async with Client() as client:
        await client.send(RunSatellite())
        await client.sync()
        for ending in (VoiceStopped(timestamp=5), Error(text="no speech", code="stt-no-text"), PauseSatellite()):
            same(speaker("wake", "okay_jarvis", 1), True)
            for kind in (Detection, RunPipeline, StreamingStarted):
                await client.receive(kind)
            same(speaker("voice-started", 20), True)
            same((await client.receive(AudioStart)).rate, 16000)
            same(await client.receive(VoiceStarted), VoiceStarted(timestamp=20))
            same(speaker("audio", 10), True)
            same(speaker("voice-stopped", 21), True)
            same((await client.receive(AudioChunk)).samples, 10)
            same(await client.receive(VoiceStopped), VoiceStopped(timestamp=21))
            await client.send(ending)
            await client.receive(AudioStop)
            await client.receive(StreamingStopped)
            same(speaker("audio", 10), False)
            await client.sync()
        same((speaker("state"), speaker("wake", "okay_jarvis", 2)), ("Paused", False))
        await client.send(RunSatellite())
        await client.sync()
        seen = ["Running", "VoiceStopped { timestamp: Some(5) }"]
        same(speaker("seen"), seen + ['Error { text: "no speech", code: Some("stt-no-text") }', "Paused", "Running"])


async def barge_in():
    """The wake word interrupts an answer."""
    async with Client() as client:
        await client.send(RunSatellite())
        start, first, second, stop = recording(16000, [1] * 2048)
        await client.send(start, first)
        await client.sync()
        same(speaker("wake", "okay_jarvis", 1), True)
        for kind in (Played, Detection, RunPipeline, StreamingStarted, AudioStart):
            await client.receive(kind)
        await client.send(second, stop)
        await client.sync()
        same(speaker("seen"), ["Running", "play_start", "play 16000 1024 1024"])
        same(speaker("played"), False)
        # A second wake word begins anew, and the next answer is heard.
        same(speaker("wake", "okay_jarvis", 2), True)
        for kind in (AudioStop, StreamingStopped, Detection, RunPipeline, StreamingStarted, AudioStart):
            await client.receive(kind)
        await client.send(Transcript(text="x"), *recording(16000, [1] * 5))
        for kind in (AudioStop, StreamingStopped):
            await client.receive(kind)
        await client.sync()
        same(speaker("seen"), ['Transcript { text: "x" }', "play_start", "play 16000 5 5", "play_end"])


async def wake_stage():
    """The pipeline is configured to confirm the wake word."""
    async with Client() as client:
        await client.send(RunSatellite())
        await client.sync()
        same(speaker("wake", "okay_jarvis", 1), True)
        await client.receive(Detection)
        run = await client.receive(RunPipeline)
        same((run.start_stage, run.end_stage), (PipelineStage.WAKE, PipelineStage.HANDLE))
        same((run.wake_word_names, run.restart_on_end), (["okay_jarvis"], False))
        await client.send(Detect(names=["okay_jarvis"]), Detection(name="okay_jarvis", timestamp=3))
        await client.receive(StreamingStarted)
        await client.receive(AudioStart)
        await client.sync()
        seen = ["Running", 'Detect { names: ["okay_jarvis"] }', 'Detection { name: Some("okay_jarvis") }']
        same((speaker("seen"), speaker("audio", 5)), (seen, True))


async def services():
    """Recognition and synthesis for clients that do not drive, while another one does."""
    async with Client() as driver, Client() as client:
        await driver.send(RunSatellite())
        await driver.sync()
        await client.send(Transcribe(language="en"), *recording(16000, range(2500)))
        text = f"2500 samples of en, sum {sum(range(2500))}"
        same(await client.receive(Transcript), Transcript(text=text, language="en"))
        # Another rate, two channels, twice on one connection.
        for _ in range(2):
            await client.send(Transcribe(), *recording(48000, [0] * 9600, channels=2))
            same(await client.receive(Transcript), Transcript(text="1600 samples of any language, sum 0"))
        await client.send(Transcribe(), *recording(16000, []))
        same(await client.receive(Error), Error(text="there is nothing to understand", code="empty"))
        await client.send(Synthesize(text="x" * 25))
        start, samples, stop = await client.sound()
        same((start.rate, start.width, start.channels, stop.timestamp), (22050, 2, 1, 113))
        same(list(samples), list(range(2500)))
        await client.send(Synthesize(text="y", voice=SynthesizeVoice(name="espeak-en", speaker="f1")))
        same(len((await client.sound())[1]), 100)
        await client.send(Synthesize(text="y", voice=SynthesizeVoice(name="nobody")))
        same(await client.receive(Error), Error(text="there is no voice 'nobody'", code="no-such-voice"))
        await client.send(Synthesize(text="<speak/>", text_format="ssml"))
        same((await client.receive(Error)).code, "text-format")
        await client.send(Detect(), *recording(16000, [0] * 3000))
        same((await client.receive(Error)).code, "not-offered")
        await client.sync()
        await driver.sync()
        same(speaker("seen"), ["Running"])


async def timers():
    async with Client() as client:
        await client.send(RunSatellite(), TimerStarted(id="a", total_seconds=300, name="tea", start_minutes=5))
        await client.send(TimerStarted(id="b", total_seconds=10), TimerUpdated(id="a", is_active=False, total_seconds=200))
        await client.send(TimerCancelled(id="b"), TimerFinished(id="a"))
        await client.sync()
        timers = ["started a 300 tea Some(5)", "started b 10  None", "updated a false 200", "cancelled b", "finished a"]
        same(speaker("seen"), ["Running", *(f"timer {timer}" for timer in timers)])


async def ping():
    async with Client() as client:
        await client.send(Ping(), Ping(text="hällo"))
        same(await client.receive(Pong), Pong())
        same(await client.receive(Pong), Pong(text="hällo"))
        await client.send(RunSatellite(), Ping(text="as driver"))
        same(await client.receive(Pong), Pong(text="as driver"))


asyncio.run(globals()[sys.argv[2]]())
