// What a skill in AssemblyScript is written with: the host's functions, messages, and a reply.
//
// Texts are AssemblyScript's own strings. Its stub runtime never frees, so `take` resets the heap before each message: nothing on
// the heap outlives a message, and what a skill must remember between two is numbers in globals, or in the storage.

/** The host's functions. One that is not called is not imported, and needs no permission. */
export namespace host {
  // @ts-ignore: decorator
  @external("speaker", "now")
  export declare function now(): i64;

  // @ts-ignore: decorator
  @external("speaker", "local_offset_minutes")
  export declare function localOffsetMinutes(): i32;

  // @ts-ignore: decorator
  @external("speaker", "random")
  export declare function random(): i64;

  // @ts-ignore: decorator
  @external("speaker", "log")
  export declare function log(text: usize, length: i32): void;

  // @ts-ignore: decorator
  @external("speaker", "timer_set")
  export declare function timerSet(milliseconds: i64, tag: usize, length: i32): i32;

  // @ts-ignore: decorator
  @external("speaker", "timer_cancel")
  export declare function timerCancel(id: i32): i32;

  // @ts-ignore: decorator
  @external("speaker", "music")
  export declare function music(command: i32, value: i32): i32;

  // @ts-ignore: decorator
  @external("speaker", "http_fetch")
  export declare function httpFetch(url: usize, length: i32): i32;
}

const MESSAGE_BYTES: i32 = 1024;
const REPLY_BYTES: i32 = 512;
const messageBuffer: usize = memory.data(1024, 8);
const replyBuffer: usize = memory.data(512, 8);

/** Where the host may write a message of `length` bytes; 0 where it is too long. */
export function alloc(length: i32): usize {
  return length >= 0 && length <= MESSAGE_BYTES ? messageBuffer : 0;
}

/** A message of lines `key=value`. */
export class Message {
  constructor(private lines: string[]) {}

  /** The value of a key, or an empty text. */
  get(key: string): string {
    const start = key + "=";
    for (let i = 0; i < this.lines.length; i++) {
      if (this.lines[i].startsWith(start)) return unescape(this.lines[i].substring(start.length));
    }
    return "";
  }
}

/** The message that the host has written; none where it claims a place that was not handed out. */
export function take(at: usize, length: i32): Message | null {
  heap.reset();
  if (at != messageBuffer || length < 0 || length > MESSAGE_BYTES) return null;
  return new Message(String.UTF8.decodeUnsafe(messageBuffer, <usize>length).split("\n"));
}

/** Packs a reply: `text` is spoken; with `ask` the speaker keeps listening, where `microphone` is granted. An empty text is no reply. */
export function reply(text: string, ask: bool = false): i64 {
  if (text.length == 0) return 0;
  let message = "say=" + escape(text);
  if (ask) message += "\nask=1";
  const length = String.UTF8.byteLength(message);
  if (length > REPLY_BYTES) return 0;
  String.UTF8.encodeUnsafe(changetype<usize>(message), message.length, replyBuffer);
  return ((<i64>replyBuffer) << 32) | <i64>length;
}

function escape(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function unescape(text: string): string {
  let plain = "";
  for (let i = 0; i < text.length; i++) {
    if (text.charAt(i) == "\\" && i + 1 < text.length) {
      i++;
      plain += text.charAt(i) == "n" ? "\n" : text.charAt(i);
    } else {
      plain += text.charAt(i);
    }
  }
  return plain;
}
