"""What hassil makes of sentences: the YAML files as arguments, a sentence a line in, `sentence | intent | slots` out."""

import sys

from hassil.intents import Intents
from hassil.recognize import recognize_best


def shown(value):
    """Digits are floats to hassil, and a text may have a space at its end."""
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return value.strip() if isinstance(value, str) else str(value)


intents = Intents.from_files(sys.argv[1:])
for line in sys.stdin:
    sentence = line.rstrip("\n")
    found = recognize_best(sentence, intents)
    if found is None:
        print(sentence, "-", "", sep=" | ")
        continue
    slots = sorted((name, shown(entity.value)) for name, entity in found.entities.items())
    print(sentence, found.intent.name, "; ".join(f"{name}={value}" for name, value in slots), sep=" | ")
