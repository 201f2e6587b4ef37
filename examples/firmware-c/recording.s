/* The recording, in flash. */
    .file "recording.s"
    .section .rodata.recording, "a"
    .globl recording, recording_end
recording:
    .incbin "../recording.wav"
recording_end:
    .section .note.GNU-stack, ""
