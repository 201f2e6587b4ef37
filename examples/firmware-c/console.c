/* Lines for the console of the machine that runs this one, by semihosting. What does not fit into a line is left out. */
#include "firmware.h"

enum { CAPACITY = 160, WRITE_TEXT = 4 };

static char line[CAPACITY];
static size_t length;
static unsigned failed;

static void put(char c)
{
    /* The last two are for the end of the line and of the text. */
    if (length < CAPACITY - 2) {
        line[length++] = c;
    }
}

void say(const char *text)
{
    while (*text != 0) {
        put(*text++);
    }
}

static void digits(uint64_t number, unsigned base)
{
    uint64_t place = 1;
    while (number / place >= base) {
        place *= base;
    }
    for (; place > 0; place /= base) {
        put("0123456789abcdef"[number / place % base]);
    }
}

void say_decimal(uint64_t number) { digits(number, 10); }

void say_hex(uint64_t number)
{
    say("0x");
    digits(number, 16);
}

void end_line(void)
{
    line[length] = '\n';
    line[length + 1] = 0;
    board_semihost(WRITE_TEXT, line);
    length = 0;
}

void check(const char *subject, const char *what, bool good)
{
    failed += !good;
    say(good ? "ok " : "FAILED ");
    say(subject);
    say(": ");
    say(what);
    end_line();
}

unsigned failed_checks(void) { return failed; }

void value(const char *name, uint64_t number)
{
    say("value ");
    say(name);
    say(" ");
    say_hex(number);
    end_line();
}

void numbered(const char *name, uint64_t index, uint64_t number)
{
    say("value ");
    say(name);
    say(".");
    say_decimal(index);
    say(" ");
    say_hex(number);
    end_line();
}
