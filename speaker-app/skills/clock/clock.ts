// The time and the date.
import { Message, alloc, host, reply, take } from "../as/skill";
import { number, ordinal, year } from "../as/words";

const MONTHS: StaticArray<string> = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
];
const WEEKDAYS: StaticArray<string> = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DAY_MS: i64 = 86_400_000;

export function skill_init(): i32 {
  return 0;
}

export function skill_alloc(length: i32): usize {
  return alloc(length);
}

export function skill_on_intent(at: usize, length: i32): i64 {
  const message = take(at, length);
  return message == null ? 0 : answer(message);
}

export function skill_on_event(at: usize, length: i32): i64 {
  return 0;
}

export function skill_close(): void {}

function answer(message: Message): i64 {
  const local = host.now() + <i64>host.localOffsetMinutes() * 60_000;
  // Division rounds towards zero; before 1970 the day would be the next one.
  let day = local / DAY_MS;
  if (local % DAY_MS < 0) day--;
  const intent = message.get("intent");
  if (intent == "HassGetCurrentTime") return reply("It is " + time(<i32>((local - day * DAY_MS) / 60_000)) + ".");
  if (intent == "HassGetCurrentDate") return reply("Today is " + date(day) + ".");
  return 0;
}

/** "seven thirty in the morning". */
function time(minuteOfDay: i32): string {
  const hour = minuteOfDay / 60;
  const minute = minuteOfDay % 60;
  if (minute == 0 && hour % 12 == 0) return hour == 0 ? "midnight" : "noon";
  let text = number(((hour + 11) % 12) + 1);
  if (minute == 0) text += " o'clock";
  else text += (minute < 10 ? " oh " : " ") + number(minute);
  if (hour < 12) return text + " in the morning";
  if (hour < 18) return text + " in the afternoon";
  return text + (hour < 22 ? " in the evening" : " at night");
}

/** "Friday, November twenty eighth, twenty twenty five", from days since 1970. */
function date(days: i64): string {
  // Howard Hinnant's `civil_from_days` ("chrono-Compatible Low-Level Date Algorithms"): years begin in March, and 400 of them are
  // an era of 146,097 days. Days before year 0 are not asked for.
  const shifted = days + 719_468;
  const era = shifted / 146_097;
  const dayOfEra = <i32>(shifted % 146_097);
  const yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const fromMarch = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * fromMarch + 2) / 5 + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const thisYear = <i32>era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  // 1 January 1970 was a Thursday; seven is added because a remainder may be negative.
  const weekday = <i32>(((days + 4) % 7 + 7) % 7);
  return WEEKDAYS[weekday] + ", " + MONTHS[month - 1] + " " + ordinal(day) + ", " + year(thisYear);
}
