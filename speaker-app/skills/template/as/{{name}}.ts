// What this skill does.
import { alloc, reply, take } from "{{kit}}/as/skill";

export function skill_init(): i32 {
  return 0;
}

export function skill_alloc(length: i32): usize {
  return alloc(length);
}

export function skill_on_intent(at: usize, length: i32): i64 {
  const message = take(at, length);
  if (message == null || message.get("intent") != "{{intent}}") return 0;
  return reply("Hello from {{spoken}}.");
}

export function skill_on_event(at: usize, length: i32): i64 {
  return 0;
}

export function skill_close(): void {}
