// Numbers as they are spoken in English; below a hundred, which is all that a clock needs.

const SMALL: StaticArray<string> = [
  "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
  "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
];
const TENS: StaticArray<string> = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/** "forty two". */
export function number(value: i32): string {
  if (value < 20) return SMALL[value];
  const ten = TENS[value / 10];
  return value % 10 == 0 ? ten : ten + " " + SMALL[value % 10];
}

/** "forty second". */
export function ordinal(value: i32): string {
  if (value % 10 == 0 && value >= 20) return TENS[value / 10].slice(0, -1) + "ieth";
  if (value > 20) return TENS[value / 10] + " " + ordinal(value % 10);
  switch (value) {
    case 1: return "first";
    case 2: return "second";
    case 3: return "third";
    case 5: return "fifth";
    case 8: return "eighth";
    case 9: return "ninth";
    case 12: return "twelfth";
    default: return SMALL[value] + "th";
  }
}

/** "twenty twenty five", "two thousand and five"; for years from 1000 to 9999. */
export function year(value: i32): string {
  const century = value / 100;
  const rest = value % 100;
  if (century % 10 == 0 && rest < 10) {
    const thousand = number(century / 10) + " thousand";
    return rest == 0 ? thousand : thousand + " and " + number(rest);
  }
  if (rest == 0) return number(century) + " hundred";
  return number(century) + (rest < 10 ? " oh " : " ") + number(rest);
}
